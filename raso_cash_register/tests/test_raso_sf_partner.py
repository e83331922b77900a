from .booking import COFFEE, BookingCase
from .common import document, receipt

CODE, VAT = "300367240", "LT119511515"


class TestSfPartner(BookingCase):
    """Who an SF's customer is, whatever form its codes have."""

    def match(self, *customers):
        """Receive an SF for each of ``customers`` and match them; none is booked."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        first = len(self.find_sales()) + 1
        self.add(
            document(
                *(
                    receipt(str(no), COFFEE, InvoiceNo=f"A{no}", **customer)
                    for no, customer in enumerate(customers, start=first)
                )
            ),
            1,
        )
        self.run_cron()
        return self.find_sales()[first - 1 :]

    def make_partner(self, **vals):
        return self.env["res.partner"].create({"name": "Known", **vals})

    def assert_held(self, sale, *words):
        self.assertEqual((sale.state, sale.hold_cause), ("held", "partner"))
        for word in words:
            self.assertIn(word, sale.hold_reason)

    def test_forms_of_the_codes(self):
        by_code = self.make_partner(company_registry=" 300 367-240 ")
        by_vat = self.make_partner(vat="LT119511515")
        sales = self.match(
            {"PartnerCode": "300367240"},
            {"PartnerCode": " 300.367.240"},
            {"PartnerVATCode": "lt 119511515"},
            {"PartnerVATCode": "119511515"},
        )
        self.assertEqual(
            [sale.partner_id for sale in sales], [by_code] * 2 + [by_vat] * 2
        )

    def test_prefix_left_out_on_the_partner(self):
        own = self.make_partner(vat="119511515")
        self.assertEqual(self.match({"PartnerVATCode": VAT}).partner_id, own)

    def test_same_digits_of_another_country(self):
        latvian = self.make_partner(country_id=self.env.ref("base.lv").id)
        latvian.with_context(no_vat_validation=True).vat = "119511515"
        found = self.match({"PartnerVATCode": VAT, "PartnerName": "New"}).partner_id
        self.assertEqual((found.vat, found.name), (VAT, "New"))

    def test_vat_number_is_kept_in_its_usual_form(self):
        for text, country, number in (
            ("lt 119511515", "lt", "LT119511515"),
            ("119511515", "lt", "LT119511515"),
            ("EL094259216", "gr", "EL094259216"),
        ):
            partner = self.match(
                {"PartnerVATCode": text, "PartnerName": text}
            ).partner_id
            self.assertEqual(partner.country_id, self.env.ref(f"base.{country}"))
            self.assertEqual(partner.vat, number)
            self.env["res.partner"].search([("vat", "=", number)]).vat = False

    def test_contact_with_its_companys_code(self):
        """Contacts bear their company's code too, and are no second customer."""
        partner = self.make_partner(company_registry=CODE, is_company=True)
        contact = self.make_partner(parent_id=partner.id, type="contact")
        self.assertEqual(contact.company_registry, CODE)
        self.assertEqual(self.match({"PartnerCode": CODE}).partner_id, partner)

    def test_company_of_a_holding(self):
        """A company under another one is a customer of its own."""
        holding = self.make_partner(is_company=True)
        partner = self.make_partner(
            parent_id=holding.id, is_company=True, company_registry=CODE
        )
        self.assertEqual(self.match({"PartnerCode": CODE}).partner_id, partner)

    def test_partner_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make_partner(company_registry=CODE, company_id=other.id)
        partner = self.match({"PartnerCode": CODE, "PartnerName": "New"}).partner_id
        self.assertEqual((partner.name, partner.company_id.id), ("New", False))

    def test_archived(self):
        """Someone put it away: neither used nor doubled without a person."""
        partner = self.make_partner(company_registry=CODE, active=False)
        sale = self.match({"PartnerCode": CODE})
        self.assert_held(sale, "Known", "archived")
        self.assertEqual(
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("company_registry", "=", CODE)]),
            partner,
        )
        partner.active = True
        self.run_cron()
        self.assertEqual((sale.state, sale.partner_id), ("matched", partner))

    def test_active_before_archived(self):
        self.make_partner(company_registry=CODE, active=False)
        partner = self.make_partner(company_registry=CODE)
        self.assertEqual(self.match({"PartnerCode": CODE}).partner_id, partner)

    def test_several_are_named(self):
        self.make_partner(name="First", company_registry=CODE)
        second = self.make_partner(name="Second", company_registry="300 367 240")
        sale = self.match({"PartnerCode": CODE, "PartnerVATCode": VAT})
        self.assert_held(sale, "First", "Second", CODE)
        second.company_registry = False
        self.run_cron()
        self.assertEqual((sale.state, sale.partner_id.name), ("matched", "First"))

    def test_nobody(self):
        self.assert_held(self.match({"PartnerCode": "-"}), "names no customer")

    def test_one_new_customer_by_either_code(self):
        """Whatever the order: an SF with both codes ties the others together."""
        sales = self.match(
            {"PartnerVATCode": VAT, "PartnerName": "By number"},
            {"PartnerCode": CODE, "PartnerName": "By code"},
            {"PartnerCode": CODE, "PartnerVATCode": VAT, "PartnerName": "By both"},
        )
        self.assertEqual(sales.partner_id.name, "By both")

    def test_wrong_vat_number_makes_no_double(self):
        """Without another code the name and address say who it is."""
        customer = {"PartnerVATCode": "LT123", "PartnerName": "UAB X"}
        first = self.match(customer)
        second, other = self.match(customer, {**customer, "PartnerName": "UAB Y"})
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertNotEqual(other.partner_id, first.partner_id)
        self.assertFalse(first.partner_id.vat)
        self.assertTrue(first.has_wrong_vat)

    def test_valid_number_is_not_called_wrong(self):
        """Also where the partner, found by its company code, has none."""
        self.make_partner(company_registry=CODE)
        sale = self.match({"PartnerCode": CODE, "PartnerVATCode": "119511515"})
        self.assertFalse(sale.has_wrong_vat)

    def test_queries_do_not_grow(self):
        def count(first, number):
            customers = [
                {"PartnerName": f"Name {no}"} for no in range(first, first + number)
            ]
            sales = self.match(*customers)
            sales.partner_id = False
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            sales._list_customers(self.company, sales.ids)
            sales._find_customers(
                self.company, sales._list_customers(self.company, sales.ids)
            )
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(1, 3), count(10, 9))
