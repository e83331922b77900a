from . import raso_revenue
from . import raso_setup
from . import raso_setup_apply
from . import raso_assign
from . import raso_exclude
from . import raso_decision
from . import raso_setup_voucher
from . import raso_cash_book
