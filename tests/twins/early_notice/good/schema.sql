CREATE TABLE bundles (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE, status text NOT NULL);
CREATE TABLE notices (bundle_id bigint PRIMARY KEY REFERENCES bundles, sent boolean NOT NULL);
