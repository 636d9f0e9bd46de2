"""Forms of other systems, read tolerantly and written back.

What can be repaired is repaired and reported with its path; what cannot is refused.
"""

from core.forms.connect_export import ConnectForm, to_connect
from core.forms.form_kinds import Stored, read_form
from core.forms.form_node import FormError, Imported

__all__ = ["ConnectForm", "FormError", "Imported", "Stored", "read_form", "to_connect"]
