-- Which pieces of an order came from the shelf, line by line; null: as stock_taken says, all or none, less what has come back. An order
-- that is imported took none, and pieces that are added to it later do.
alter table orders add taken integer[];

-- Which code a use was counted of. Not its name: a code that is deleted and created once more counts from 0.
alter table discounts add incarnation uuid not null default gen_random_uuid();
alter table orders add discount_use uuid;
-- Open orders of limited codes: as far as can be known, a use was counted for each.
update orders o set discount_use = d.incarnation from discounts d
where d.code = o.discount_code and d.uses_max is not null and o.stock_taken and o.status in ('placed', 'confirmed', 'paid');

drop function use_discount(text);
-- Counts a use of a limited code and says of which; null when its uses are not limited. Raises OR002 when it is used up.
create function use_discount(wanted text) returns uuid language plpgsql as $$
declare used uuid;
begin
    update discounts set uses = uses + 1 where code = wanted and uses < uses_max returning incarnation into used;
    if used is null and exists (select from discounts where code = wanted and uses_max is not null) then
        raise exception using errcode = 'OR002', message = wanted;
    end if;
    return used;
end $$;

-- Gives the use back that was counted for the order, once.
create function return_discount(the_order text) returns void language plpgsql as $$
declare used uuid;
begin
    select discount_use into used from orders where id = the_order;
    if used is null then return; end if;
    update orders set discount_use = null where id = the_order;
    update discounts set uses = uses - 1 where incarnation = used and uses > 0;
end $$;
create unique index discounts_incarnation on discounts (incarnation);
