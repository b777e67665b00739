-- What a product is for the tax office; with the destination it says which VAT its price contains.
alter table products add tax_class text not null default 'standard'
    constraint products_tax_class check (tax_class in ('standard', 'reduced', 'super_reduced', 'zero'));
