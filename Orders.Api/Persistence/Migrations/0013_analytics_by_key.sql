-- A batch of analytics finds every row by its key. While the tables grow faster than their statistics, the planner believes them to be
-- small and reads them whole, once for each batch.
alter function analytics.apply(analytics.order_facts[], analytics.order_item_facts[], text[]) set enable_seqscan = off;

-- Two lines and a half of an order, however many orders there are.
alter table analytics.order_item_facts alter column order_id set (n_distinct = -0.4);
