from . import raso_setup
from . import raso_setup_apply
