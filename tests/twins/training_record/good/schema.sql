CREATE TABLE trainings (
    id bigserial PRIMARY KEY,
    form uuid NOT NULL,
    trainer bigint NOT NULL REFERENCES auth_user,
    trainee text NOT NULL,
    kind text NOT NULL,
    UNIQUE (trainer, form)
);
