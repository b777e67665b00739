using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// <c>POST /v1/products/import</c>: products, upserted by id, as an array (all or none) or a stream (each by itself). A record replaces
/// the whole product; without <c>stock</c> it leaves the stock alone, and a product that is as the record has it is left alone
/// altogether. A sku has to be free when its batch is written.
/// </summary>
internal static class ImportProducts
{
    private const string Columns =
        "id, sku, name, description, category, manufacturer, price, currency, weight, active, version, created_at, updated_at,"
        + " tax_class, stock";

    private const string Values =
        """
        id, sku, name, coalesce(description, ''), category, coalesce(manufacturer, ''), round(price, greatest(scale(price), 2)), currency,
        weight, coalesce(active, true), 1, @now, @now, coalesce(tax_class, 'standard')
        """;

    private const string Set =
        """
        sku = excluded.sku, name = excluded.name, description = excluded.description, category = excluded.category,
        manufacturer = excluded.manufacturer, price = excluded.price, currency = excluded.currency, weight = excluded.weight,
        active = excluded.active, tax_class = excluded.tax_class, version = p.version + 1, updated_at = excluded.updated_at
        """;

    private const string Compared =
        "p.sku, p.name, p.description, p.category, p.manufacturer, p.price, p.currency, p.weight, p.active, p.tax_class";

    private const string Sent =
        """
        excluded.sku, excluded.name, excluded.description, excluded.category, excluded.manufacturer, excluded.price, excluded.currency,
        excluded.weight, excluded.active, excluded.tax_class
        """;

    // Records with a stock and records without one differ in what they set, so they are two inserts of one statement.
    private const string Upsert = $"""
        with records as materialized (
            select r.*, r.ordinality::int - 1 as place from json_populate_recordset(null::products, @records) with ordinality as r
        ),
        refused as materialized (
            select r.place from records r join products p on p.sku = r.sku and p.id <> r.id
        ),
        allowed as materialized (
            select * from records r where not exists (select from refused where @all_or_none or refused.place = r.place)
        ),
        counted as (
            insert into products as p ({Columns})
            select {Values}, stock from allowed where stock is not null order by id
            on conflict (id) do update set {Set}, stock = excluded.stock
            where ({Compared}, p.stock) is distinct from ({Sent}, excluded.stock)
        ),
        uncounted as (
            insert into products as p ({Columns})
            select {Values}, 0 from allowed where stock is null order by id
            on conflict (id) do update set {Set}
            where ({Compared}) is distinct from ({Sent})
        )
        select place as "Value" from refused
        """;

    private static readonly ImportTable<ProductBody> Table = new()
    {
        Sql = Upsert,
        Validate = Validate,
        Key = product => product.Id,
        Unique = product => product.Sku,
        UniqueField = "sku",
        Refusal = new FieldError("sku", "another product has it"),
        RefusalType = ProblemTypes.SkuTaken,
        RaceConstraint = "products_sku",
    };

    public static Task<IResult> Handle(HttpContext context, Importer importer, CancellationToken cancel) =>
        importer.RunAsync(context, Table, cancel);

    private static void Validate(ProductBody product, Check check, string at)
    {
        if (product.Id is null) check.Fail(at + "id", "is required");
        product.Validate(check, at);
    }
}
