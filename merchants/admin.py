"""What operators may look at on the second floor: shops, tills and staff, and sales by whose they are."""

from django.contrib import admin

from merchants.models import Charge, Merchant, Payment, Staff, Suspension, Till
from wallet.admin import ReadOnly, Sharded


@admin.register(Merchant)
class MerchantAdmin(ReadOnly):
    """Shops, without their bank accounts."""

    list_display = ("id", "wallet_number", "name", "city", "joined_at")
    ordering = ("-id",)


@admin.register(Till)
class TillAdmin(ReadOnly):
    """Tills, without their secrets."""

    found_by = ("id", "merchant_id")
    list_display = ("id", "merchant_id", "name", "added_at", "revoked_at")
    ordering = ("-id",)


@admin.register(Staff)
class StaffAdmin(ReadOnly):
    """Who works for whom."""

    found_by = ("id", "merchant_id")
    list_display = ("id", "merchant_id", "user", "role", "left_at")
    list_select_related = ("user",)
    ordering = ("-id",)


@admin.register(Suspension)
class SuspensionAdmin(ReadOnly):
    """Shops that were suspended."""

    found_by = ("id", "merchant_id")
    list_display = ("merchant_id", "by", "reason", "at", "lifted_at", "lifted_by")
    ordering = ("-id",)


@admin.register(Charge)
class ChargeAdmin(Sharded):
    """What a till asked for, by the charge's own id."""

    found_by = ("id",)
    list_display = ("id", "merchant_id", "till_id", "amount", "channel", "asked_at", "expires_at")
    ordering = ("-id",)


@admin.register(Payment)
class PaymentAdmin(Sharded):
    """Payments of one citizen, or at one shop."""

    found_by = ("owner_id", "merchant_id")
    list_display = ("id", "merchant_id", "price", "citizen_share", "state_share", "business_date", "paid_at")
    ordering = ("-id",)
