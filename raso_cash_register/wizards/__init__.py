from . import raso_revenue
from . import raso_setup
from . import raso_setup_apply
