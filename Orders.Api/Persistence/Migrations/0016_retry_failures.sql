-- Why Kafka refused a dead letter's record when it was sent again: the letter is open again then, and no part of a retry of many.
alter table dead_letters add retry_failure text;
