using Npgsql;
using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary><c>POST /v1/products/import</c>: a JSON array of products, upserted by id. All or nothing.</summary>
internal static class ImportProducts
{
    private const string Upsert = """
        insert into products select * from json_populate_recordset(null::products, @rows)
        on conflict (id) do update set
            sku = excluded.sku, name = excluded.name, description = excluded.description, category = excluded.category,
            manufacturer = excluded.manufacturer, price = excluded.price, currency = excluded.currency, weight = excluded.weight,
            stock = excluded.stock, active = excluded.active, updated_at = excluded.updated_at
        """;

    public static async Task<IResult> Handle(
        JsonBody<List<ProductBody?>> body, OrdersDbContext db, TimeProvider time, CancellationToken cancel)
    {
        var check = ArrayImport.Validate(body.Value, Validate, product => product.Id);
        if (check.Failed) return check.Problem;

        var now = time.GetUtcNow();
        var rows = body.Value.Select(product => product!.ToProduct(product.Id!, now, now)).ToList();
        return await db.StoreAsync(Upsert, rows, SkuTaken, cancel);
    }

    private static void Validate(ProductBody product, Check check, string at)
    {
        if (product.Id is null) check.Fail(at + "id", "is required");
        product.Validate(check, at);
    }

    private static IResult? SkuTaken(PostgresException error) => error.ConstraintName == "products_sku"
        ? Problems.Of(ProblemTypes.SkuTaken, "sku: " + error.Detail, new FieldError("sku", "is taken by another product"))
        : null;
}
