CREATE TABLE organisations (
    id bigserial PRIMARY KEY,
    name text NOT NULL UNIQUE
);
CREATE TABLE members (
    organisation_id bigint NOT NULL REFERENCES organisations,
    person text NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (organisation_id, person)
);
