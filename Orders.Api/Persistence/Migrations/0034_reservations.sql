-- Orders that hold stock and are not paid, by the time of their last change: those that have held it long enough are ended.
create index orders_reserved on orders (updated_at)
    where status in ('placed', 'confirmed') and (stock_taken or taken is not null);
