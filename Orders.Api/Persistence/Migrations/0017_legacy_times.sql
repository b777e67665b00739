-- When the last change of a legacy row that was followed was made, by the legacy database's clock: tells a change that comes late from one
-- of a database that was restored and counts again from a lower position.
alter table inbound_positions add changed_at timestamptz;
