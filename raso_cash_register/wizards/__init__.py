from . import raso_setup
from . import raso_setup_apply
from . import raso_cash_book
