"""The operators' admin: who keeps the service running looks at its rows here, and touches none of them."""

from django.contrib.admin.apps import AdminConfig


class Operators(AdminConfig):
    """Django's admin behind a second factor."""

    default_site = "config.operators.site.OperatorsSite"
