"""The street map of the API, version 1."""

from django.urls import URLPattern, path
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularJSONAPIView

from merchants.api import charges, payments, quotes, shops
from settlement.api import bank, batches, books
from subsidies.api import appeals, changes, enrolments, lists, own_money, rights, schemes, watching
from wallet.api import phones, refusals, signing_in, topups

# It changes only with a release, and takes a second to draw.
DESCRIPTION_SECONDS = 3_600

urlpatterns: list[URLPattern] = [
    # Addresses are tried in order, so the busiest stand first.
    path("payments/", payments.PaymentsDoor.as_view()),
    path("scans/", payments.ScansDoor.as_view()),
    path("charges/", charges.ChargesDoor.as_view()),
    path("charges/<uuid:charge_id>/", charges.ChargeDoor.as_view()),
    path("schema/", cache_page(DESCRIPTION_SECONDS)(SpectacularJSONAPIView.as_view()), name="schema"),
    # Anyone
    path("citizens/", signing_in.CitizensDoor.as_view()),
    path("tokens/", signing_in.TokensDoor.as_view()),
    path("tokens/refresh/", signing_in.RefreshedTokensDoor.as_view()),
    path("schemes/", schemes.SchemesDoor.as_view()),
    path("schemes/<slug:code>/", schemes.SchemeDoor.as_view()),
    path("stripe/webhook/", topups.StripeDoor.as_view()),
    # Citizens
    path("me/", rights.MeDoor.as_view()),
    path("me/pin/", phones.PinDoor.as_view()),
    path("me/devices/", phones.PhonesDoor.as_view()),
    path("me/devices/<uuid:device_id>/", phones.PhoneDoor.as_view()),
    path("quotes/", quotes.QuotesDoor.as_view()),
    path("enrolments/", enrolments.EnrolmentsDoor.as_view()),
    path("enrolments/<uuid:enrolment_id>/changes/", changes.ChangesDoor.as_view()),
    path("appeals/", appeals.AppealsDoor.as_view()),
    path("me/appeals/", appeals.MyAppealsDoor.as_view()),
    path("enrolments/<uuid:enrolment_id>/buy-ins/", own_money.BuyInsDoor.as_view()),
    path("enrolments/<uuid:enrolment_id>/withdrawals/", own_money.WithdrawalsDoor.as_view()),
    path("top-ups/", topups.TopUpsDoor.as_view()),
    path("top-ups/<uuid:top_up_id>/", topups.TopUpDoor.as_view()),
    path("payments/<uuid:payment_id>/", payments.PaymentDoor.as_view()),
    path("refusals/", refusals.RefusalsDoor.as_view()),
    # Tills, and the shops behind them
    path("charges/<uuid:charge_id>/qr.png", charges.ChargePNGDoor.as_view()),
    path("charges/<uuid:charge_id>/qr.svg", charges.ChargeSVGDoor.as_view()),
    path("charges/<uuid:charge_id>/cancellation/", charges.CancellationDoor.as_view()),
    path("till/payments/", shops.TakingsDoor.as_view()),
    path("till/tally/", shops.TallyDoor.as_view()),
    # Officers
    path("appeals/<uuid:appeal_id>/decision/", appeals.AppealDecisionDoor.as_view()),
    path("lists/", lists.ListsDoor.as_view()),
    path("lists/<uuid:list_id>/", lists.ListDoor.as_view()),
    path("lists/<uuid:list_id>/rejections/", lists.ListRejectionsDoor.as_view()),
    path("lists/<uuid:list_id>/rejections.csv", lists.ListRejectionsCSVDoor.as_view()),
    path("lists/<uuid:list_id>/approval/", lists.ListApprovalDoor.as_view()),
    path("merchants/<uuid:merchant_id>/suspension/", shops.SuspensionDoor.as_view()),
    path("schemes/<slug:code>/budget/", watching.BudgetDoor.as_view()),
    path("schemes/<slug:code>/hand-back/", watching.HandBackDoor.as_view()),
    path("limit-breaches/", watching.BreachesDoor.as_view()),
    path("citizens/<uuid:citizen_id>/freeze/", watching.FreezeDoor.as_view()),
    path("settlement/days/", books.DaysDoor.as_view()),
    path("settlement/summary/", books.SummaryDoor.as_view()),
    path("settlement/batches/", batches.BatchesDoor.as_view()),
    path("settlement/batches/<uuid:batch_id>/", batches.BatchDoor.as_view()),
    path("settlement/batches/<uuid:batch_id>/payouts/", batches.PayoutsDoor.as_view()),
    path("settlement/batches/<uuid:batch_id>/submission/", batches.SubmissionDoor.as_view()),
    path("settlement/batches/<uuid:batch_id>/approval/", batches.ApprovalDoor.as_view()),
    path("settlement/batches/<uuid:batch_id>/rejection/", batches.RejectionDoor.as_view()),
    path("settlement/bank-files/", bank.BankFilesDoor.as_view()),
    path("settlement/bank-files/<uuid:file_id>/content/", bank.BankFileContentDoor.as_view()),
    path("settlement/bank-statements/", bank.StatementsDoor.as_view()),
    path("settlement/discrepancies/", bank.DiscrepanciesDoor.as_view()),
    path("settlement/discrepancies/<uuid:discrepancy_id>/resolution/", bank.ResolutionDoor.as_view()),
]
