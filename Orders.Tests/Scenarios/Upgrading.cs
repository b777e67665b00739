using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

/// <summary>A database that was filled under the first schema there ever was.</summary>
public sealed class Upgrading(OrdersApplication app) : ApplicationTests
{
    private static readonly byte[] Golden =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Contracts", "Golden", "order.placed.v1.json"));

    [Fact]
    public async Task An_order_of_the_first_schema_keeps_its_bytes_its_past_and_its_place_in_the_feed()
    {
        var name = "first_" + Guid.NewGuid().ToString("N");
        await using (var create = app.Database.CreateCommand($"create database {name}")) await create.ExecuteNonQueryAsync();
        var connection = new NpgsqlConnectionStringBuilder(app.DatabaseConnection) { Database = name, Pooling = false }.ConnectionString;
        await using var database = NpgsqlDataSource.Create(connection);
        await using var db = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(connection).Options);
        await ApplyFirstAsync(database);
        var (placed, cancelled) = (Event(Golden), Event(Cancelled()));
        await FillAsync(database, placed, cancelled);

        await db.ApplyMigrationsAsync(default);

        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        var store = new OrderStore(database);
        var id = placed.Subject;
        Assert.Equal(Data(Golden), Text(await store.FindAsync(id, 1, default)));
        Assert.Equal(Data(Cancelled()), Text(await store.FindAsync(id, default)));
        Assert.Equal(2, (await store.FindAsync(id, default))!.Value.Version);
        Assert.Equal(["1 1 orders.placed", "2 2 orders.cancelled"], await database.ListAsync<string>(
            "select position || ' ' || version || ' ' || type from order_changes where order_id = $1 order by position", id));
        // What is newer is read as if it had been there: nothing was paid, refunded, shipped or taken from a shelf.
        var order = JsonSerializer.Deserialize(Data(Cancelled()), OrdersJson.Default.OrderState)!;
        Assert.Equal((OrderStatus.Cancelled, 2, 39.80m), (order.Status, order.Version, order.Total));
        Assert.Equal("0.00 f 0 0.00 0", await database.ScalarAsync<string>(
            """
            select concat_ws(' ', o.refunded, o.stock_taken, i.shipped, i.discount, (select count(*) from order_refunds))
            from orders o join order_items i on i.order_id = o.id where o.id = $1 and o.paid_amount is null and o.external_id is null
            """, id));
        // Every event is sent again when the slot is new; what analytics expects is there without any event.
        Assert.Equal(2, await database.ScalarAsync<long>("select count(*) from outbox where order_id = $1", id));
        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from analytics.expected_orders where order_id = $1", id));
        await db.DisposeAsync();
        await database.DisposeAsync();
        await using var drop = app.Database.CreateCommand($"drop database {name} with (force)");
        await drop.ExecuteNonQueryAsync();
    }

    /// <summary>The schema and the mark that it is there, as the first start left them.</summary>
    private static async Task ApplyFirstAsync(NpgsqlDataSource database)
    {
        using var script = new StreamReader(typeof(OrdersDbContext).Assembly.GetManifestResourceStream(
            "Orders.Api.Persistence.Migrations.0001_initial.sql")!);
        await using var schema = database.CreateCommand(await script.ReadToEndAsync());
        await schema.ExecuteNonQueryAsync();
        await using var mark = database.CreateCommand(
            """
            create table "__EFMigrationsHistory" ("MigrationId" varchar(150) primary key, "ProductVersion" varchar(32) not null);
            insert into "__EFMigrationsHistory" values ('0001_initial', '10.0.0');
            """);
        await mark.ExecuteNonQueryAsync();
    }

    /// <summary>The rows that the first version of the API wrote for an order that was placed and cancelled.</summary>
    private static async Task FillAsync(NpgsqlDataSource database, params OrderEvent[] events)
    {
        var order = events[^1].Data;
        await DoAsync(database,
            """
            insert into orders (id, number, status, version, channel, customer_id, customer_name, customer_email, customer_phone,
                address_id, road, house_number, neighborhood, suburb, city_district, state, postcode, country, currency, subtotal,
                discount, shipping, tax, total, total_weight, placed_at, updated_at, cancelled_at)
            values ($1, $2, 'cancelled', $3, 'web', 'cus-1', 'Íñigo', 'kike@example.com', '+34600000000', 'add-1', 'Calle de Alcalá', '1',
                'Sol', 'Sol', 'Centro', 'Comunidad de Madrid', '28014', 'España', 'EUR', 39.80, 0, 0, 6.91, 39.80, 2.5, $4, $5, $5)
            """, order.Id, order.Number, order.Version, order.PlacedAt, order.UpdatedAt);
        await DoAsync(database,
            """
            insert into order_items (order_id, line, product_id, sku, name, description, category, unit_price, weight, quantity, total)
            values ($1, 1, 'pro-1', 'SKU-1', 'Lámpara', '', 'hogar', 19.90, 1.25, 2, 39.80)
            """, order.Id);
        foreach (var written in events)
        {
            await DoAsync(database,
                "insert into order_history (order_id, version, status, at, change_id) values ($1, $2, $3, $4, gen_random_uuid())",
                order.Id, written.Data.Version, written.Type["orders.".Length..], written.Time);
            await DoAsync(database, "insert into outbox (order_id, version, type, payload) values ($1, $2, $3, $4::json)",
                order.Id, written.Data.Version, written.Type,
                Encoding.UTF8.GetString(written.Data.Version == 1 ? Golden : Cancelled()));
        }
    }

    private static async Task DoAsync(NpgsqlDataSource database, string sql, params object[] arguments)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var argument in arguments) command.Parameters.AddWithValue(argument);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    /// <summary>The golden event's order, cancelled a minute later.</summary>
    private static byte[] Cancelled() => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Golden)
        .Replace("\"id\":\"ord-019aa4c0-0000-7000-8000-000000000001.1\"", "\"id\":\"ord-019aa4c0-0000-7000-8000-000000000001.2\"",
            StringComparison.Ordinal)
        .Replace("orders.placed", "orders.cancelled", StringComparison.Ordinal)
        .Replace("\"status\":\"placed\",\"version\":1", "\"status\":\"cancelled\",\"version\":2", StringComparison.Ordinal)
        .Replace("\"updated_at\":\"2026-11-21T12:00:00.123456Z\"",
            "\"updated_at\":\"2026-11-21T12:01:00.123456Z\",\"cancelled_at\":\"2026-11-21T12:01:00.123456Z\"", StringComparison.Ordinal));

    private static OrderEvent Event(byte[] json) => JsonSerializer.Deserialize(json, OrdersJson.Default.OrderEvent)!;

    /// <summary>The order within an event, as its very text.</summary>
    private static string Data(byte[] json) => JsonDocument.Parse(json).RootElement.GetProperty("data").GetRawText();

    private static string Text(StoredOrder? order) => Encoding.UTF8.GetString(order!.Value.Json);
}
