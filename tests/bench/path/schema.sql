CREATE TABLE requests (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    buyer text NOT NULL,
    approver text,
    reference text NOT NULL,
    title text NOT NULL,
    department text NOT NULL,
    needed_by date NOT NULL,
    budget_cents integer NOT NULL,
    currency text NOT NULL,
    state text NOT NULL DEFAULT 'draft',
    UNIQUE (buyer, reference)
);
CREATE TABLE items (
    request_id integer NOT NULL REFERENCES requests ON DELETE CASCADE,
    position integer NOT NULL,
    sku text NOT NULL,
    quantity integer NOT NULL,
    unit text NOT NULL,
    price_cents integer NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (request_id, position)
);
CREATE TABLE deliveries (
    request_id integer PRIMARY KEY REFERENCES requests ON DELETE CASCADE,
    recipient text NOT NULL,
    street text NOT NULL,
    city text NOT NULL,
    postcode text NOT NULL,
    country text NOT NULL,
    floor integer NOT NULL
);
CREATE TABLE quotes (
    request_id integer PRIMARY KEY REFERENCES requests ON DELETE CASCADE,
    sku text NOT NULL,
    quantity integer NOT NULL,
    currency text NOT NULL,
    express boolean NOT NULL,
    wanted_on date NOT NULL,
    contact text NOT NULL,
    price_cents integer NOT NULL
);
CREATE TABLE submissions (
    request_id integer PRIMARY KEY REFERENCES requests ON DELETE CASCADE,
    approver text NOT NULL,
    reason text NOT NULL,
    urgency integer NOT NULL,
    decide_by date NOT NULL,
    confidential boolean NOT NULL,
    project text NOT NULL
);
CREATE TABLE decisions (
    request_id integer PRIMARY KEY REFERENCES requests ON DELETE CASCADE,
    approved boolean NOT NULL,
    limit_cents integer NOT NULL,
    cost_centre text NOT NULL,
    valid_until date NOT NULL,
    conditions text NOT NULL,
    risk text NOT NULL
);
CREATE TABLE orders (
    request_id integer PRIMARY KEY REFERENCES requests ON DELETE CASCADE,
    terms text NOT NULL,
    payment_days integer NOT NULL,
    partial boolean NOT NULL,
    ship_by date NOT NULL,
    contact text NOT NULL,
    remark text NOT NULL,
    number text NOT NULL
);
CREATE TABLE shipments (
    request_id integer PRIMARY KEY REFERENCES requests ON DELETE CASCADE,
    carrier text NOT NULL,
    tracking text NOT NULL,
    parcels integer NOT NULL,
    weight_grams integer NOT NULL,
    expected_on date NOT NULL,
    insured boolean NOT NULL
);
CREATE TABLE receipts (
    request_id integer PRIMARY KEY REFERENCES requests ON DELETE CASCADE,
    received_on date NOT NULL,
    parcels integer NOT NULL,
    damaged integer NOT NULL,
    complete boolean NOT NULL,
    place text NOT NULL,
    remark text NOT NULL
);
CREATE TABLE invoices (
    request_id integer PRIMARY KEY REFERENCES requests ON DELETE CASCADE,
    number text NOT NULL,
    amount_cents integer NOT NULL,
    currency text NOT NULL,
    due_on date NOT NULL,
    vat_percent integer NOT NULL,
    paid boolean NOT NULL
);
