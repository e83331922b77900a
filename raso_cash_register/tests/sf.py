from .booking import COFFEE, BookingCase, line
from .common import document, receipt

CODE = "300367240"
# what is given back of the coffee
BACK = line(quantity=-1, amount="-1.21", vat="-0.21")


def sf(number, *lines, invoice_no="RSF-1", **attributes):
    """An SF of 1.21 on account, or whatever is given."""
    attributes = {
        "InvoiceNo": invoice_no,
        "PartnerCode": CODE,
        "PartnerName": "UAB „Pirkėjas“",
        "payments": [],
        **attributes,
    }
    return receipt(number, *(lines or (COFFEE,)), **attributes)


class SfCase(BookingCase):
    def book(self, *receipts, data_type=1):
        known = self.find_documents()
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_documents() - known

    def find_invoice(self, documents):
        return documents.move_ids.filtered(lambda move: move.is_invoice())

    def make_partner(self, **vals):
        return self.env["res.partner"].create(
            {"name": "Known", "company_registry": CODE, **vals}
        )

    def assert_refused(self, text, *receipts):
        failed = self.book(*receipts)
        self.assertEqual(failed.state, "failed")
        self.assertIn(text, failed.error_text)
