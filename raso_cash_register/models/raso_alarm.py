import logging
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import split_every

from ..tools.days import VILNIUS

_logger = logging.getLogger(__name__)

# kind: on which model it is told
KINDS = {
    "shop": "raso.shop",
    "white": "raso.shop",
    "open": "raso.shop",
    "differs": "raso.register.day",
    "setup": "raso.connection",
    "unread": "raso.connection",
    "failing": "raso.connection",
    "purge": "raso.connection",
}
# alarms in one transaction
BATCH = 50
# who closed an activity is left in peace so long, whatever is added
PAUSE = timedelta(days=1)


class RasoAlarm(models.Model):
    """A trouble that a person was told of, and how far it was told.

    One for each trouble and record, with one activity that follows it and is closed
    when the trouble goes. Who closes the activity before has read it: that trouble is
    told again once something is added to it, and not within a day.
    """

    _name = "raso.alarm"
    _description = "RASO Alarm"
    _order = "id"

    kind = fields.Selection(
        [
            ("shop", "Shop needs set-up"),
            ("white", "Items wait for a product"),
            ("open", "Till days are not complete"),
            ("differs", "Till day differs"),
            ("setup", "Set-up is missing"),
            ("unread", "Documents were not read"),
            ("failing", "Connection fails"),
            ("purge", "Sales may be lost"),
        ],
        required=True,
        readonly=True,
    )
    res_id = fields.Integer(string="Record", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one("res.users", string="Told To", readonly=True)
    keys = fields.Json(string="Causes Told", readonly=True)
    said = fields.Json(readonly=True, help="What the activity was written from.")
    closed_at = fields.Datetime(
        readonly=True, help="A person has closed the activity; the trouble stays."
    )

    _trouble_uniq = models.UniqueIndex("(kind, res_id)", "It is told already.")

    @api.model
    def _find_changes(self):
        """Return pairs of alarm and trouble that need work; one of them may miss.

        A fixed number of queries, however much is in trouble.
        """
        gathered = self._gather_kinds()
        alarms = self.search([("kind", "in", list(gathered))])
        known = {(alarm.kind, alarm.res_id): alarm for alarm in alarms}
        troubles = {
            trouble.identity: trouble
            for found in gathered.values()
            for trouble in found
        }
        staff = self._find_staff(troubles.values())
        changes = [
            (alarm, None)
            for identity, alarm in known.items()
            if identity not in troubles
        ]
        changes += [
            (known.get(identity, self), trouble)
            for identity, trouble in troubles.items()
            if identity not in known or known[identity]._is_behind(trouble, staff)
        ]
        return changes, staff

    def _gather_kinds(self):
        """Return ``{kind: troubles}``; a kind that fails is left as it is."""
        gathered = {}
        self.env.flush_all()
        for kind in KINDS:
            try:
                with self.env.cr.savepoint():
                    gathered[kind] = list(getattr(self, f"_gather_{kind}")())
            except OperationalError:
                raise
            except Exception:
                _logger.exception("Looking for %s failed", kind)
        return gathered

    def _is_behind(self, trouble, staff):
        """Whether the activity has to follow what became of the trouble."""
        activity = self.activity_id
        if activity.active:
            user = staff.choose(self.user_id, activity.user_id, trouble)
            return self.said != trouble.values or user != activity.user_id
        return (
            not self.closed_at
            or self._is_forgotten(trouble, staff)
            or not set(trouble.keys) <= set(self.keys)
            and self.closed_at + PAUSE <= fields.Datetime.now()
        )

    def _is_forgotten(self, trouble, staff):
        """Who was told has left, or may not see it any more."""
        return self.user_id and not staff.knows(self.user_id, trouble)

    @api.model
    def _follow(self, changes, staff):
        """Tell, follow up and close; what fails holds up no other."""
        for some in split_every(BATCH, changes, list):
            if not self._try_follow(some, staff):
                for change in some:
                    self._try_follow([change], staff)
            yield len(some)

    def _try_follow(self, changes, staff):
        try:
            with self.env.cr.savepoint():
                self._follow_some(changes, staff)
        except (OperationalError, UniqueViolation):
            # another process tells of the same
            raise
        except Exception:
            told = [
                trouble.identity if trouble else (alarm.kind, alarm.res_id)
                for alarm, trouble in changes
            ]
            _logger.exception("Telling of %s failed", told)
            return False
        return True

    def _follow_some(self, changes, staff):
        gone = self.browse(alarm.id for alarm, trouble in changes if not trouble)
        gone._end()
        untold = []
        for alarm, trouble in changes:
            if not trouble:
                continue
            if alarm.activity_id.active:
                alarm._update(trouble, staff)
            elif not alarm or alarm.closed_at or alarm._is_forgotten(trouble, staff):
                untold.append((alarm, trouble))
            else:
                alarm.closed_at = fields.Datetime.now()
        self._tell(untold, staff)
        self.env.flush_all()

    def _end(self):
        """The trouble is gone: so is its activity."""
        activities = self.activity_id.filtered("active")
        for lang, some in activities.grouped(lambda done: done.user_id.lang).items():
            some.action_feedback(
                feedback=self.with_context(lang=lang).env._("The cause is gone.")
            )
        self.unlink()

    def _update(self, trouble, staff):
        """Write what became of the trouble, to whom it concerns now."""
        activity = self.activity_id
        user = staff.choose(self.user_id, activity.user_id, trouble)
        activity.write(self._prepare_text_vals(trouble, user))
        if user != activity.user_id:
            activity.user_id = user
            self.user_id = user
        self.write({"keys": list(trouble.keys), "said": trouble.values})

    def _tell(self, pairs, staff):
        """Give each trouble an activity of its own, in sets."""
        loud, quiet = [], []
        for pair in pairs:
            (loud if staff.may_mail(staff.find(pair[1])) else quiet).append(pair)
        for some, is_quiet in ((loud, False), (quiet, True)):
            activities = self.env["mail.activity"].with_context(
                mail_activity_quick_update=is_quiet
            )
            activities = activities.create(
                [
                    self._prepare_activity_vals(trouble, staff.find(trouble))
                    for _alarm, trouble in some
                ]
            )
            self._remember(some, activities)

    def _remember(self, pairs, activities):
        new = []
        for (alarm, trouble), activity in zip(pairs, activities, strict=True):
            vals = self._prepare_alarm_vals(trouble, activity)
            if alarm:
                alarm.write(vals)
            else:
                new.append(vals)
        self.create(new)

    @api.model
    def _prepare_alarm_vals(self, trouble, activity):
        return {
            "kind": trouble.kind,
            "res_id": trouble.record_id,
            "company_id": trouble.company_id,
            "activity_id": activity.id,
            "user_id": activity.user_id.id,
            "keys": list(trouble.keys),
            "said": trouble.values,
            "closed_at": False,
        }

    @api.model
    def _prepare_activity_vals(self, trouble, user):
        model = KINDS[trouble.kind]
        own_type = self.env.ref(
            f"raso_cash_register.mail_activity_type_{trouble.kind}",
            raise_if_not_found=False,
        )
        # a type that somebody deleted is no reason to keep silent
        own_type = own_type or self.env[model]._default_activity_type()
        today = fields.Date.context_today(self.with_context(tz=user.tz or VILNIUS))
        return {
            "activity_type_id": own_type.id,
            "automated": True,
            "date_deadline": today,
            "res_model_id": self.env["ir.model"]._get_id(model),
            "res_id": trouble.record_id,
            "user_id": user.id,
            **self._prepare_text_vals(trouble, user),
        }
