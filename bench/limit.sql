-- The least that any service could do here: the rows of one payment, written by one function in one round trip.
--
-- The same tables, indexes and constraints, the same rows and the same commit to disk as `merchants/payments.py`:
-- payment, end of the charge, key, two transfers, two balances, use of the cap, and the day of first use. Nothing is
-- checked, decided, locked first or looked at, and no token or PIN is asked for; so no payment service on this database
-- and machine can be faster, and how near ours comes says what it spends on being right.

CREATE FUNCTION bench.pay(charge bigint, citizen bigint, merchant bigint, scheme uuid, version uuid, day date)
    RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    payment CONSTANT uuid := uuidv7();
    payer CONSTANT uuid := bench.id_of(1, citizen);
    enrolment CONSTANT uuid := bench.id_of(3, citizen);
    asked CONSTANT uuid := bench.id_of(8, charge);
    stall CONSTANT uuid := bench.id_of(6, merchant);
    price CONSTANT bigint := 1_00 + charge % 200;
    state CONSTANT bigint := price / 2;
    digest CONSTANT bytea := sha256(int8send(charge));
    at CONSTANT timestamptz := clock_timestamp();
    ends_at CONSTANT timestamptz :=
        (date_trunc('day', at AT TIME ZONE 'Asia/Bangkok') + interval '1 day') AT TIME ZONE 'Asia/Bangkok';
BEGIN
    INSERT INTO merchants_payment (id, owner_id, charge_id, merchant_id, till_id, price, citizen_share, state_share,
                                   channel, shares, reasons, terms_digest, business_date, paid_at)
    VALUES (payment, payer, asked, stall, bench.id_of(7, merchant), price, price - state, state,
            1, jsonb_build_array(jsonb_build_object(
                'enrolment', enrolment, 'scheme', scheme, 'version', version, 'amount', state,
                'uses', jsonb_build_array(jsonb_build_object('cap', 'day', 'ends_at', ends_at, 'amount', state)))),
            jsonb_build_array(jsonb_build_object('code', 'rate_of_price', 'facts', jsonb_build_object(
                'scheme', 'co-pay', 'amount_satang', price, 'gives_satang', state, 'rate_bp', 5000, 'percent', '50'))),
            digest, day, at);
    INSERT INTO merchants_chargeend (charge_id, "end", owner_id, payment_id, at)
    VALUES (asked, 'paid', payer, payment, at);
    INSERT INTO wallet_requestkey (caller_id, key, fingerprint, outcome_id, at)
    VALUES (payer, 'limit ' || charge, digest, payment, at);
    INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause, scheme_id,
                                 part, channel, business_date, occurred_at)
    VALUES (uuidv7(), payer, 1, payer, 4, stall, price - state, 'payment', payment, NULL, 1, 1, day, at),
           (uuidv7(), payer, 2, enrolment, 4, stall, state, 'payment', payment, scheme, 2, 1, day, at);
    UPDATE wallet_balance SET balance = balance - (price - state)
     WHERE owner_id = payer AND kind = 1 AND account_id = payer;
    UPDATE wallet_balance SET balance = balance - state
     WHERE owner_id = payer AND kind = 2 AND account_id = enrolment;
    INSERT INTO subsidies_capuse AS use (citizen_id, ends_at, enrolment_id, cap, used)
    VALUES (payer, ends_at, enrolment, 'day', state)
        ON CONFLICT ON CONSTRAINT subsidies_capuse_pkey DO UPDATE SET used = use.used + excluded.used;
    UPDATE subsidies_enrolment SET first_used_at = at WHERE id = enrolment AND first_used_at IS NULL;
END $$;
