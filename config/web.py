"""The street map of the pages."""

from django.urls import URLPattern, path
from django.views.i18n import set_language

from merchants.web import (
    counters,
    keypad,
    paying,
    posters,
    presenting,
    receipts,
    scanning,
    shop_sign_in,
    shops,
    staff,
    takings,
    verifying,
)
from merchants.web import office as shops_office
from merchants.web import people as people_looks
from settlement.web import audits, bank, batches, reports, today
from subsidies.web import drafting, home, lists, overviews, schemes, standstills
from subsidies.web import office as people_office
from wallet.web import everyone, help, joining, me, office_sign_in, signing_in, topups  # noqa: A004  the page is called so

EVERYONE: list[URLPattern] = [
    path("", everyone.StartScreen.as_view(), name="start"),
    path("larger/", everyone.LargerScreen.as_view(), name="larger"),
    path("language/", set_language, name="set_language"),
    path("offline/", everyone.OfflineScreen.as_view(), name="offline"),
    path("manifest.webmanifest", everyone.manifest, name="manifest"),
    path("worker.js", everyone.worker, name="worker"),
    path("sign-in/", signing_in.SignInScreen.as_view(), name="sign-in"),
    path("sign-out/", signing_in.SignOutScreen.as_view(), name="sign-out"),
    path("join/", joining.JoinScreen.as_view(), name="join"),
    path("join/pin/", joining.PinChoiceScreen.as_view(), name="join-pin"),
    path("schemes/", schemes.SchemesScreen.as_view(), name="schemes"),
    path("schemes/<slug:code>/", schemes.SchemeScreen.as_view(), name="scheme"),
    path("verify/", verifying.VerifyScreen.as_view(), name="verify"),
    path("verify/<uuid:payment_id>/", verifying.VerifiedScreen.as_view(), name="verified"),
    path("help/", help.HelpScreen.as_view(), name="help"),
    path("developers/", help.DevelopersScreen.as_view(), name="developers"),
]
CITIZEN: list[URLPattern] = [
    path("home/", home.HomeScreen.as_view(), name="home"),
    path("scan/", scanning.ScanScreen.as_view(), name="scan"),
    path("scan/photo/", scanning.PhotoScreen.as_view(), name="scan-photo"),
    path("scan/code/", scanning.CodeScreen.as_view(), name="scan-code"),
    path("pay/", paying.PayScreen.as_view(), name="pay"),
    path("charges/<uuid:charge_id>/", paying.ChargeScreen.as_view(), name="charge"),
    path("my-code/", presenting.MyCodeScreen.as_view(), name="my-code"),
    path("poster/", presenting.PosterScreen.as_view(), name="poster"),
    path("proposals/<uuid:proposal_id>/", presenting.ProposalScreen.as_view(), name="proposal"),
    path("payments/", receipts.HistoryScreen.as_view(), name="payments"),
    path("payments/<uuid:payment_id>/", receipts.ReceiptScreen.as_view(), name="payment"),
    path("top-ups/", topups.TopUpsScreen.as_view(), name="top-ups"),
    path("top-ups/<uuid:top_up_id>/", topups.TopUpScreen.as_view(), name="top-up"),
    path("me/", me.MeScreen.as_view(), name="me"),
    path("me/pin/", me.PinScreen.as_view(), name="pin"),
    path("me/pin/changed/", me.PinChangedScreen.as_view(), name="pin-changed"),
    path("refusals/", me.RefusalsScreen.as_view(), name="refusals"),
]
OFFICE: list[URLPattern] = [
    path("office/", today.TodayScreen.as_view(), name="office"),
    path("office/figures/", today.FiguresScreen.as_view(), name="office-figures"),
    path("office/sign-in/", office_sign_in.OfficeSignInScreen.as_view(), name="office-sign-in"),
    path("office/settlement/", batches.SettlementScreen.as_view(), name="office-settlement"),
    path("office/settlement/<uuid:batch_id>/", batches.BatchScreen.as_view(), name="office-batch"),
    path("office/settlement/<uuid:batch_id>/submission/", batches.SubmissionScreen.as_view(), name="office-submit"),
    path("office/settlement/<uuid:batch_id>/approval/", batches.ApprovalScreen.as_view(), name="office-approve"),
    path("office/settlement/<uuid:batch_id>/rejection/", batches.RejectionScreen.as_view(), name="office-reject"),
    path("office/bank/", bank.BankScreen.as_view(), name="office-bank"),
    path("office/bank/files/<uuid:file_id>/", bank.BankFileScreen.as_view(), name="office-bank-file"),
    path("office/bank/statements/<uuid:statement_id>/", bank.StatementScreen.as_view(), name="office-statement"),
    path("office/shops/", shops_office.ShopsScreen.as_view(), name="office-shops"),
    path("office/shops/<uuid:merchant_id>/", shops_office.ShopScreen.as_view(), name="office-shop"),
    path("office/shops/<uuid:merchant_id>/dossier/", shops_office.DossierScreen.as_view(), name="office-shop-dossier"),
    path("office/shops/<uuid:merchant_id>/suspension/", shops_office.StopScreen.as_view(), name="office-stop"),
    path("office/shops/<uuid:merchant_id>/restoration/", shops_office.GoOnScreen.as_view(), name="office-go-on"),
    path(
        "office/shops/applications/<uuid:application_id>/",
        shops_office.ApplicationScreen.as_view(),
        name="office-application",
    ),
    path(
        "office/shops/applications/<uuid:application_id>/rejection/",
        shops_office.NoScreen.as_view(),
        name="office-application-no",
    ),
    path("office/shops/bank-accounts/<uuid:change_id>/", shops_office.AccountScreen.as_view(), name="office-account"),
    path(
        "office/shops/bank-accounts/<uuid:change_id>/vouching/",
        shops_office.VouchingScreen.as_view(),
        name="office-account-vouch",
    ),
    path(
        "office/shops/bank-accounts/<uuid:change_id>/rejection/",
        shops_office.NoAccountScreen.as_view(),
        name="office-account-no",
    ),
    path("office/people/", people_looks.PeopleScreen.as_view(), name="office-people"),
    path("office/people/<uuid:citizen_id>/", people_looks.PersonScreen.as_view(), name="office-person"),
    path("office/people/<uuid:citizen_id>/hold/", people_looks.HoldRightsScreen.as_view(), name="office-person-hold"),
    path("office/people/<uuid:citizen_id>/free/", people_looks.FreeRightsScreen.as_view(), name="office-person-free"),
    path("office/people/appeals/<uuid:appeal_id>/", people_office.AppealScreen.as_view(), name="office-appeal"),
    path("office/people/lists/", lists.ListsScreen.as_view(), name="office-lists"),
    path("office/people/lists/<uuid:list_id>/", lists.ListScreen.as_view(), name="office-list"),
    path("office/people/lists/<uuid:list_id>/rest/", lists.RestScreen.as_view(), name="office-list-rest"),
    path("office/people/lists/<uuid:list_id>/rejections/", lists.RejectionsScreen.as_view(), name="office-list-csv"),
    path("office/schemes/", overviews.SchemesScreen.as_view(), name="office-schemes"),
    path("office/schemes/<slug:code>/", overviews.SchemeScreen.as_view(), name="office-scheme"),
    path("office/schemes/<slug:code>/differences/", overviews.DifferencesScreen.as_view(), name="office-differences"),
    path("office/schemes/<slug:code>/versions/<int:number>/", overviews.VersionScreen.as_view(), name="office-version"),
    path(
        "office/schemes/<slug:code>/suspension/",
        standstills.SuspensionScreen.as_view(),
        name="office-scheme-suspend",
    ),
    path(
        "office/schemes/<slug:code>/restoration/",
        standstills.RestorationScreen.as_view(),
        name="office-scheme-restore",
    ),
    path("office/schemes/<slug:code>/stop/", standstills.StopScreen.as_view(), name="office-scheme-stop"),
    path(
        "office/schemes/<slug:code>/stop/approval/",
        standstills.StopAgreedScreen.as_view(),
        name="office-scheme-stop-yes",
    ),
    path(
        "office/schemes/<slug:code>/stop/rejection/",
        standstills.StopRefusedScreen.as_view(),
        name="office-scheme-stop-no",
    ),
    path("office/drafts/", drafting.DraftsScreen.as_view(), name="office-drafts"),
    path("office/drafts/<uuid:draft_id>/", drafting.DraftScreen.as_view(), name="office-draft"),
    path("office/drafts/<uuid:draft_id>/submission/", drafting.SubmissionScreen.as_view(), name="office-draft-submit"),
    path("office/drafts/<uuid:draft_id>/approval/", drafting.ApprovalScreen.as_view(), name="office-draft-approve"),
    path("office/drafts/<uuid:draft_id>/rejection/", drafting.RejectionScreen.as_view(), name="office-draft-reject"),
    path("office/budgets/", people_office.BudgetsScreen.as_view(), name="office-budgets"),
    path("office/reports/<slug:code>/", reports.ReportScreen.as_view(), name="office-report"),
    path("office/reports/<slug:code>/csv/", reports.ReportFileScreen.as_view(), name="office-report-file"),
    path("office/audit/", audits.AuditScreen.as_view(), name="office-audit"),
    path(
        "office/bank/discrepancies/<uuid:discrepancy_id>/", bank.DiscrepancyScreen.as_view(), name="office-discrepancy"
    ),
]

SHOP: list[URLPattern] = [
    path("shop/", shops.ShopScreen.as_view(), name="shop"),
    path("shop/sign-in/", shop_sign_in.ShopSignInScreen.as_view(), name="shop-sign-in"),
    path("shop/join/", shop_sign_in.ShopJoinScreen.as_view(), name="shop-join"),
    path("shop/till/", shop_sign_in.NewTillScreen.as_view(), name="shop-till"),
    path("shop/till/again/", shop_sign_in.TillAgainScreen.as_view(), name="shop-till-again"),
    path("shop/keypad/", keypad.KeypadScreen.as_view(), name="shop-keypad"),
    path("shop/charges/<uuid:charge_id>/", keypad.ChargeScreen.as_view(), name="shop-charge"),
    path("shop/charges/<uuid:charge_id>/cancel/", keypad.CancelScreen.as_view(), name="shop-cancel"),
    path("shop/customer/", counters.CustomerScreen.as_view(), name="shop-customer"),
    path("shop/customer/photo/", counters.CustomerPhotoScreen.as_view(), name="shop-customer-photo"),
    path("shop/waiting/", counters.WaitingScreen.as_view(), name="shop-waiting"),
    path("shop/today/", takings.TodayScreen.as_view(), name="shop-today"),
    path("shop/money/", takings.MoneyScreen.as_view(), name="shop-money"),
    path("shop/posters/", posters.PostersScreen.as_view(), name="shop-posters"),
    path("shop/posters/<uuid:poster_id>/<str:sheet>.<str:kind>", posters.SheetScreen.as_view(), name="shop-sheet"),
    path("shop/staff/", staff.StaffScreen.as_view(), name="shop-staff"),
    path("shop/staff/till/", staff.TillInvitationScreen.as_view(), name="shop-invite-till"),
    path("shop/staff/person/", staff.StaffInvitationScreen.as_view(), name="shop-invite-staff"),
    path("shop/staff/till-out/", staff.TillOutScreen.as_view(), name="shop-till-out"),
    path("shop/staff/leave/", staff.LeaveScreen.as_view(), name="shop-leave"),
    path("shop/settings/", shops.ShopSettingsScreen.as_view(), name="shop-settings"),
]

urlpatterns = [*EVERYONE, *CITIZEN, *OFFICE, *SHOP]
