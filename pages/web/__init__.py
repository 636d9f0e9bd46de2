"""What is not a page: sign-in, the gate, and the routes of our own components."""

from starlette.convertors import IntegerConvertor, register_url_convertor


class RowNumber(IntegerConvertor):
    """A number in an address that a database can hold; a longer one leads nowhere."""

    regex = "[0-9]{1,15}"


register_url_convertor("int", RowNumber())
