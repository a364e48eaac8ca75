"""What could be wrong with the outbox: something happened that an endpoint was never to be told."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="payment_has_its_webhook",
        promise=9,
        says="an endpoint of the shop is not told of a payment",
        sql="""
            SELECT paid.id AS payment, endpoint.id AS endpoint
              FROM merchants_webhookendpoint endpoint
              JOIN merchants_payment paid
                ON paid.merchant_id = endpoint.merchant_id
               AND paid.id > endpoint.id AND paid.id <= endpoint.read_up_to
             WHERE paid.business_date >= %(since)s AND NOT EXISTS (
                SELECT 1 FROM merchants_webhookmessage message
                 WHERE message.endpoint_id = endpoint.id AND message.about = paid.id
                   AND message.kind = 'payment.paid')
        """,
    ),
    Check(
        name="message_has_its_payment",
        promise=9,
        says="an endpoint is told of a payment that is not its shop's",
        sql="""
            SELECT message.id AS message, message.about
              FROM merchants_webhookmessage message
              JOIN merchants_webhookendpoint endpoint ON endpoint.id = message.endpoint_id
             WHERE message.kind = 'payment.paid' AND NOT EXISTS (
                SELECT 1 FROM merchants_payment paid
                 WHERE paid.merchant_id = endpoint.merchant_id AND paid.id = message.about)
        """,
    ),
)
