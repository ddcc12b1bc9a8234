CREATE TABLE members (email text PRIMARY KEY);
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recipient text NOT NULL,
    sent_at timestamptz
);
