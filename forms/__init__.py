"""Forms: how a record is asked for and shown (CRF layouts, widgets, Form.io schemas)."""
