"""Who may press which button, where access rights alone can't say it."""

from odoo.exceptions import AccessError


def ensure_manager(env):
    """Refuse users who aren't RASO managers; steps running as superuser are.

    :raise AccessError: the user isn't one
    """
    if not env.su and not env.user.has_group("raso_cash_register.group_raso_manager"):
        raise AccessError(
            env._("Only a RASO Manager may do this. Ask one, or an administrator.")
        )
