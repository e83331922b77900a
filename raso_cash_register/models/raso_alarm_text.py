from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date, format_datetime

from ..tools.days import VILNIUS


class RasoAlarm(models.Model):
    """The troubles in words: a line that says what, and a note with the way out."""

    _inherit = "raso.alarm"

    def _prepare_text_vals(self, trouble, user):
        """In the language of who reads it."""
        alarms = self.with_context(
            lang=user.lang or self.env.lang, tz=user.tz or VILNIUS
        )
        summary, paragraphs = getattr(alarms, f"_explain_{trouble.kind}")(trouble)
        note = Markup("").join(Markup("<p>%s</p>") % text for text in paragraphs)
        return {"summary": summary, "note": note}

    def _link(self, path, name):
        return Markup('<a href="/odoo/%s">%s</a>') % (path, name)

    def _day(self, text):
        return format_date(self.env, text)

    def _moment(self, text):
        moment = fields.Datetime.to_datetime(text)
        return format_datetime(self.env, moment, dt_format="short")

    def _explain_shop(self, trouble):
        causes = trouble.values["causes"]
        summary = self.env._(
            "The shop needs set-up. Receipts held: %(count)s",
            count=sum(count for _cause, count, *_rest in causes),
        )
        texts = []
        for cause, count, since, tills in causes:
            known = {
                "count": count,
                "since": self._day(since),
                "tills": ", ".join(tills),
            }
            if cause == "shop":
                texts.append(
                    self.env._(
                        "The shop has no warehouse, and its goods can't be written "
                        "off. Choose its warehouse here. Receipts held: %(count)s, "
                        "since %(since)s.",
                        **known,
                    )
                )
            else:
                texts.append(
                    self.env._(
                        "It is not known which journal takes the cash of till "
                        "%(tills)s. Choose the shop's cash journal here, or one for "
                        "each till. Receipts held: %(count)s, since %(since)s.",
                        **known,
                    )
                )
        return summary, texts

    def _explain_white(self, trouble):
        values = trouble.values
        known = {"count": values["count"], "since": self._day(values["since"])}
        summary = self.env._(
            "Items wait for a product: %(count)s, since %(since)s", **known
        )
        items = [
            f"{name or '?'} [{code or '–'}] × {count}"
            for name, code, count in values["items"]
        ]
        if values["code_count"] > len(items):
            items.append("…")
        return summary, [
            self.env._("No single product has their codes:"),
            Markup("<br/>").join(items),
            self.env._(
                "Press Waiting Items here, choose the product of one, and the others "
                "with its code follow. Until then they are not written off."
            ),
        ]

    def _explain_open(self, trouble):
        values = trouble.values
        known = {"count": values["count"], "since": self._day(values["since"])}
        return self.env._(
            "Till days are not complete: %(count)s, since %(since)s", **known
        ), [
            self.env._(
                "These days are over, and something in them still waits: receipts "
                "that are held or not booked, numbers that didn't come, or a Z "
                "report. Press Till Days here: each day says what it waits for and "
                "what to do."
            )
        ]

    def _explain_differs(self, trouble):
        day = self.env["raso.register.day"].browse(trouble.record_id)
        texts = day._explain_all(trouble.values["reasons"]).split("\n")
        return self.env._("%(day)s differs", day=day.display_name), texts

    def _explain_setup(self, trouble):
        """Several lacks of one cause, such as payment codes, in one paragraph."""
        lacks = {}
        for cause, name, count, since in trouble.values["lacks"]:
            lacks.setdefault(cause, []).append((name, count, since))
        texts = []
        for cause, parts in lacks.items():
            names = [name for name, _count, _since in parts]
            known = {
                # a receipt may lack several
                "count": max(count for _name, count, _since in parts),
                "since": self._day(min(since for *_rest, since in parts)),
            }
            texts.append(getattr(self, f"_explain_lack_{cause}")(names, known))
        return self.env._("Set-up is missing, and receipts are held"), texts

    def _explain_lack_payment_kind(self, codes, known):
        return self.env._(
            "Payment code %(codes)s is not set up. Add it in %(place)s. Receipts "
            "held: %(count)s, since %(since)s.",
            codes=", ".join(code or "–" for code in codes),
            place=self._link("raso-payment-kinds", self.env._("Payment Kinds")),
            **known,
        )

    def _explain_lack_vat(self, ids, known):
        rates = self.env["raso.vat.rate"].browse(int(id_) for id_ in ids if id_)
        texts = [rate._explain_missing() for rate in rates]
        if len(rates) < len(ids):
            texts.append(self.env._("The VAT of some items fits no rate."))
        return self.env._(
            "%(troubles)s See %(place)s. Receipts held: %(count)s, since %(since)s.",
            troubles=" ".join(texts),
            place=self._link("raso-vat-rates", self.env._("VAT Rates")),
            **known,
        )

    def _explain_lack_type(self, kinds, known):
        labels = dict(
            self.env["raso.cash.sale"]._fields["kind"]._description_selection(self.env)
        )
        return self.env._(
            "No transaction type books %(kinds)s. Make one in %(place)s, or run the "
            "set-up. Receipts held: %(count)s, since %(since)s.",
            kinds=", ".join(labels[kind] for kind in kinds),
            place=self._link("raso-transaction-types", self.env._("Transaction Types")),
            **known,
        )

    def _explain_lack_quantity(self, _names, known):
        return self.env._(
            "Quantities have more decimals than Odoo keeps. Set the decimal accuracy "
            "of Product Unit to 3 in the RASO set-up. Receipts held: %(count)s, since "
            "%(since)s.",
            **known,
        )

    def _explain_unread(self, trouble):
        values = trouble.values
        known = {"count": values["count"], "since": self._day(values["since"])}
        return self.env._(
            "Documents could not be read: %(count)s, since %(since)s", **known
        ), [
            self.env._(
                "What they hold is not booked. Open %(place)s: each says where it "
                "breaks, and what can be done. Have RASO export that day again, or "
                "read what can be read.",
                place=self._link("raso-exchanges", self.env._("Exchanges")),
            )
        ]

    def _explain_failing(self, trouble):
        since = self._moment(trouble.values["since"])
        return self.env._(
            "Fetching from RASO has failed since %(since)s", since=since
        ), [
            trouble.values["error"],
            self.env._(
                "New sales don't come in. It is tried again by itself; if it goes on, "
                "have the server's administrator look at it, and press Test "
                "Connection here."
            ),
        ]

    def _explain_purge(self, trouble):
        values = trouble.values
        known = {
            "since": self._day(values["since"]),
            "lost_from": self._day(values["lost_from"]),
        }
        if values["is_lost"]:
            trouble_text = self.env._(
                "Nothing came since %(since)s. RASO deletes what nobody took after "
                "about two weeks: the first sales may be gone. Get the connection "
                "to work, have RASO export those days again, and press Check for "
                "Missing.",
                **known,
            )
        else:
            trouble_text = self.env._(
                "Nothing came since %(since)s. RASO deletes what nobody took after "
                "about two weeks: from %(lost_from)s on sales are lost. Get the "
                "connection to work before.",
                **known,
            )
        texts = [trouble_text, values["error"]]
        if values["is_stopped"]:
            texts.insert(
                1,
                self.env._(
                    "The connection was stopped: press Confirm to go on, or archive "
                    "it if it isn't used any more."
                ),
            )
        return self.env._("Sales may be lost: nothing came since %(since)s", **known), [
            text for text in texts if text
        ]
