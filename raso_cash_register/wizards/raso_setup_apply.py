from odoo import fields, models
from odoo.exceptions import UserError

from .raso_setup import LT_VAT_EXEMPT

# RASO's numbers may hold anything that looks like a year (notes, part 5)
ANY_NUMBER = r"^(?P<prefix1>.*?)(?P<seq>\d{0,9})(?P<suffix>\D*?)$"
# code, kind, trade, sequence; each SF and each sheet is a document of its own
TYPES = [
    ("SALE", "sale", "entry", 10),
    ("RET", "return", "entry", 20),
    ("SF", "sf", "invoice", 30),
    ("SFR", "sf_return", "invoice", 40),
    ("SHEET", "sheet", "later", 50),
    ("SHEETR", "sheet_return", "later", 60),
    ("TARA", "tara", "entry", 70),
]
SHEETS = ("sheet", "sheet_return", "tara")
# percent, fiscal group, first day (interface page, part 6)
LT_RATES = [
    (21, 1, "2009-09-01"),
    (12, 2, "2026-01-01"),
    (5, 3, "2009-01-01"),
    (0, 4, "1994-05-01"),
]
LT_OLD_RATES = [(9, 2, "2009-01-01", "2025-12-31")]


class RasoSetup(models.TransientModel):
    _inherit = "raso.setup"

    def action_apply(self):
        """Make or complete the set-up; what exists already is kept as it is."""
        self.ensure_one()
        self._check_ready()
        setup = self.sudo().with_company(self.company_id)
        setup._make_journals()
        setup._make_types()
        setup._make_kinds()
        setup._make_rates()
        if setup.is_three_decimals:
            precision = self.env.ref("uom.decimal_product_uom").sudo()
            precision.digits = max(precision.digits, 3)
        return {"type": "ir.actions.act_window_close"}

    def _check_ready(self):
        self.check_access("write")
        if not (self.receivable_account_id and self.income_account_id):
            raise UserError(
                self.env._(
                    "Choose the receivable and the revenue account: nothing can be "
                    "booked without them."
                )
            )

    def _make_journals(self):
        journals = self.env["account.journal"]
        for field, code, name, kind in (
            ("journal_id", "RASO", self.env._("RASO till sales"), "sale"),
            ("invoice_journal_id", "RSF", self.env._("RASO SF"), "sale"),
            ("payment_journal_id", "RASOP", self.env._("RASO payments"), "general"),
        ):
            if self[field]:
                continue
            vals = {
                "name": name,
                "code": code,
                "type": kind,
                "company_id": self.company_id.root_id.id,
                "show_on_dashboard": False,
            }
            if kind == "sale":
                vals["default_account_id"] = self.income_account_id.id
            if field == "invoice_journal_id":
                vals["sequence_override_regex"] = ANY_NUMBER
            self[field] = journals.create(vals)
        if not self.partner_id:
            self.partner_id = self.env["res.partner"].create(
                {"name": self.env._("Till customers"), "company_id": False}
            )

    def _make_types(self):
        types = self.env["raso.transaction.type"]
        labels = dict(types._fields["kind"]._description_selection(self.env))
        for code, kind, trade, sequence in TYPES:
            if types.search_count(
                [("company_id", "=", self.company_id.id), ("code", "=", code)]
            ):
                continue
            if kind != "tara" or self.tara_account_id:
                types.create(
                    {
                        "code": code,
                        "name": labels[kind],
                        "kind": kind,
                        "trade": trade,
                        "sequence": sequence,
                        **self._prepare_type_vals(kind),
                    }
                )

    def _prepare_type_vals(self, kind):
        vals = {
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "payment_journal_id": self.payment_journal_id.id,
            "receivable_account_id": self.receivable_account_id.id,
            "income_account_id": self.income_account_id.id,
            "partner_id": self.partner_id.id,
        }
        if kind in ("sf", "sf_return"):
            vals |= {
                "grouping": "document",
                "journal_id": self.invoice_journal_id.id,
            }
        elif kind in SHEETS:
            # general journal: what an accountant used to type there by hand
            vals |= {
                "grouping": "document",
                "ripe": "now",
                "journal_id": self.payment_journal_id.id,
            }
        if kind == "tara":
            vals |= {
                "income_account_id": self.tara_account_id.id,
                "income_policy": "always",
            }
        return vals

    def _make_kinds(self):
        kinds = self.env["raso.payment.kind"]
        known = kinds.search([("company_id", "=", self.company_id.id)]).mapped("code")
        vals_list = [
            vals
            for vals in self._prepare_kind_vals()
            if vals["code"] not in known and vals.pop("is_ready", True)
        ]
        kinds.create([{"company_id": self.company_id.id, **vals} for vals in vals_list])

    def _prepare_kind_vals(self):
        """The kinds every RASO till has (interface page, part 6)."""
        rounding = {
            "usage": "rounding",
            "account_id": self.loss_account_id.id,
            "gain_account_id": self.gain_account_id.id,
            "is_ready": bool(self.loss_account_id and self.gain_account_id),
        }
        voucher = self.voucher_account_id or self._make_voucher_account()
        return [
            {"code": "0", "name": self.env._("Cash"), "usage": "cash"},
            {
                "code": "2",
                "name": self.env._("Bank card"),
                "usage": "clearing",
                "account_id": self.clearing_account_id.id,
                "z_counter": 2,
                "is_ready": bool(self.clearing_account_id),
            },
            {
                "code": "3",
                "name": self.env._("Gift voucher"),
                "usage": "voucher",
                "account_id": voucher.id,
                "z_counter": 3,
                "is_ready": bool(voucher),
            },
            {"code": "1001", "name": self.env._("Rounding down"), **rounding},
            {
                "code": "1002",
                "name": self.env._("Rounding up"),
                "is_gain": True,
                **rounding,
            },
        ]

    def _make_voucher_account(self):
        """Vouchers are matched when redeemed: 4420 itself can't be reconciled."""
        accounts = self.env["account.account"]
        prepayments = self._find_in_chart("account_account_template_4420")
        if not self.is_lithuanian or not prepayments:
            return accounts
        return accounts.create(
            {
                "name": self.env._("Gift vouchers sold"),
                "code": accounts._search_new_account_code(prepayments.code),
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": [fields.Command.set(self.company_id.root_id.ids)],
            }
        )

    def _make_rates(self):
        rates = self.env["raso.vat.rate"]
        known = rates.search([("company_id", "=", self.company_id.id)])
        rows = (
            [(*row, None) for row in LT_RATES] + LT_OLD_RATES
            if self.is_lithuanian
            else self._list_company_rates()
        )
        for percent, group, date_from, date_to in rows:
            if percent in known.mapped("percent"):
                continue
            rates.create(
                {
                    "company_id": self.company_id.id,
                    "percent": percent,
                    "fiscal_group": group,
                    "date_from": date_from,
                    "date_to": date_to,
                    "tax_id": self._find_tax(percent).id,
                }
            )

    def _list_company_rates(self):
        """Without a table of the country's rates: those of the company's sale taxes."""
        percents = sorted(
            set(
                self.env["account.tax"]
                .search(self.env["raso.vat.rate"]._tax_domain(self.company_id))
                .mapped("amount")
            ),
            reverse=True,
        )
        return [
            (percent, place, "1990-01-01", None)
            for place, percent in enumerate(percents, start=1)
            if percent >= 0
        ]

    def _find_tax(self, percent):
        if self.is_lithuanian and percent == 0:
            return self._find_in_chart(LT_VAT_EXEMPT)
        rates = self.env["raso.vat.rate"]
        tax = rates._find_tax(self.company_id, percent)
        if not tax and self.is_lithuanian and percent == 12:
            tax = rates._make_tax(self.company_id, percent)
        return tax
