"""What could be wrong with the outbox: something happened that an endpoint was never to be told."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="what_happened_has_its_webhook",
        promise=9,
        says="an endpoint of the shop is not told of a payment, a refund, a hold or a release",
        sql="""
            SELECT told.kind, told.id, endpoint.id AS endpoint
              FROM merchants_webhookendpoint endpoint
              JOIN (
                SELECT 'payment.paid' AS kind, id, merchant_id, business_date FROM merchants_payment
                UNION ALL
                SELECT 'payment.refunded', id, merchant_id, business_date FROM merchants_refund
                UNION ALL
                SELECT 'hold.held', id, merchant_id, business_date FROM merchants_hold
                UNION ALL
                SELECT 'hold.released', id, merchant_id, business_date FROM merchants_release
              ) told ON told.merchant_id = endpoint.merchant_id
                    AND told.id > endpoint.id AND told.id <= endpoint.read_up_to
             WHERE told.business_date >= %(since)s AND NOT EXISTS (
                SELECT 1 FROM merchants_webhookmessage message
                 WHERE message.endpoint_id = endpoint.id AND message.about = told.id AND message.kind = told.kind)
        """,
    ),
    Check(
        name="webhook_is_of_what_happened",
        promise=9,
        says="an endpoint is told of something that did not happen at its shop",
        sql="""
            SELECT message.id AS message, message.kind, message.about
              FROM merchants_webhookmessage message
              JOIN merchants_webhookendpoint endpoint ON endpoint.id = message.endpoint_id
             WHERE NOT EXISTS (SELECT 1 FROM merchants_payment WHERE message.kind = 'payment.paid'
                                  AND merchant_id = endpoint.merchant_id AND id = message.about)
               AND NOT EXISTS (SELECT 1 FROM merchants_refund WHERE message.kind = 'payment.refunded'
                                  AND merchant_id = endpoint.merchant_id AND id = message.about)
               AND NOT EXISTS (SELECT 1 FROM merchants_hold WHERE message.kind = 'hold.held'
                                  AND merchant_id = endpoint.merchant_id AND id = message.about)
               AND NOT EXISTS (SELECT 1 FROM merchants_release WHERE message.kind = 'hold.released'
                                  AND merchant_id = endpoint.merchant_id AND id = message.about)
        """,
    ),
)
