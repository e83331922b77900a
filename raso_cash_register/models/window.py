"""Windows that smart buttons open."""


def open_records(records, name, **values):
    """Return the action that shows ``records``: a single one as form."""
    action = {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": records._name,
        "context": {"create": False},
    }
    if len(records) == 1:
        action |= {"view_mode": "form", "res_id": records.id}
    else:
        action |= {
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", records.ids)],
        }
    return action | values
