from . import raso_sale_report
from . import raso_payment_report
from . import raso_register_day_report
