using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Orders.Benchmarks;

/// <summary>
/// PostgreSQL's own load generator with the statements that placing an order runs: the same reads, the same writes, the same
/// sizes, prepared, in one transaction. It is C and does nothing else, so it is what this database can do at most.
/// </summary>
internal static partial class Pgbench
{
    public static async Task<double?> RunAsync(string connection, Shop shop, string state, int clients, TimeSpan duration)
    {
        var file = Path.GetTempFileName();
        try
        {
            await StoreTextsAsync(connection, state);
            await File.WriteAllTextAsync(file, Script(shop));
            return await RunAsync(new NpgsqlConnectionStringBuilder(connection), file, clients, duration);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>JSON of the real size, where a script can reach it without quoting.</summary>
    private static async Task StoreTextsAsync(string connection, string state)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand("drop table if exists bench_texts");
        await command.ExecuteNonQueryAsync();
        command.CommandText = "create table bench_texts (kind text primary key, text text not null)";
        await command.ExecuteNonQueryAsync();
        command.CommandText = "insert into bench_texts values ('state', $1), ('event', $2)";
        command.Parameters.AddWithValue(state);
        command.Parameters.AddWithValue($$"""{"specversion":"1.0","type":"orders.placed","source":"/orders","data":{{state}}}""");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<double?> RunAsync(NpgsqlConnectionStringBuilder server, string script, int clients, TimeSpan duration)
    {
        var start = new ProcessStartInfo("pgbench")
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string[] arguments =
        [
            "-n", "-M", "prepared", "-f", script, "-c", clients.ToString(CultureInfo.InvariantCulture), "-j", "2",
            "-T", ((int)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            "-h", server.Host!, "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-U", server.Username!, server.Database!,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PGPASSWORD"] = server.Password;
        using var pgbench = Process.Start(start)!;
        var output = await pgbench.StandardOutput.ReadToEndAsync();
        var errors = await pgbench.StandardError.ReadToEndAsync();
        await pgbench.WaitForExitAsync();
        var rate = Rate().Match(output);
        if (!rate.Success) throw new InvalidOperationException("pgbench failed: " + errors);
        return double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static string Script(Shop shop) => new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"\\set c random(0, {shop.Customers - 1})\n")
            .Append(CultureInfo.InvariantCulture, $"\\set a random(0, {(shop.Products / 2) - 1})\n")
            .Append(CultureInfo.InvariantCulture, $"\\set b :a + {shop.Products / 2}\n")
            .Append("\\set n random(1, 1000000000000)\n")
            .Append(
                """
                select client_id, first_name, last_name, email, phone_number, status from customers where client_id = 'cus-bench-' || :c;
                select * from addresses where address_id = 'add-bench-' || :c;
                select * from products where id = any (array['pro-bench-' || :a, 'pro-bench-' || :b]);
                begin;
                insert into orders (id, number, status, version, channel, customer_id, customer_name, customer_email, customer_phone,
                    currency, placed_at, stock_taken, address_id, road, house_number, neighborhood, suburb, city_district, state, postcode,
                    country, lat, lon, subtotal, discount, shipping, tax, total, total_weight, updated_at)
                values ('ord-p' || :n, 'p' || :n, 'placed', 1, 'web', 'cus-bench-' || :c, 'Ana Ruiz', 'ana@example.com', '+34600000000',
                    'EUR', now(), true, 'add-bench-' || :c, 'Calle de Alcalá', '1', 'Sol', 'Sol', 'Centro', 'Comunidad de Madrid', '28014',
                    'España', 40.4169, -3.7035, 59.97, 0, 5.95, 11.44, 65.92, 3.75, now());
                insert into order_history (order_id, version, status, at, change_id, type, state)
                select 'ord-p' || :n, 1, 'placed', now(), gen_random_uuid(), 'orders.placed', text::json
                from bench_texts where kind = 'state';
                insert into order_items (order_id, line, product_id, sku, name, description, category, unit_price, weight,
                    quantity, total)
                values ('ord-p' || :n, 1, 'pro-bench-' || :a, 'SKU', 'Lámpara de mesa', 'Latón, 40 cm', 'hogar', 19.99, 1.25, 1, 19.99),
                       ('ord-p' || :n, 2, 'pro-bench-' || :b, 'SKU', 'Lámpara de mesa', 'Latón, 40 cm', 'hogar', 19.99, 1.25, 2, 39.98);
                insert into outbox (order_id, version, type, payload)
                select 'ord-p' || :n, 1, 'orders.placed', text::json from bench_texts where kind = 'event';
                select take_stock(array['pro-bench-' || :a, 'pro-bench-' || :b], array[1, 2]);
                commit;

                """)
            .ToString();

    [GeneratedRegex(@"tps = ([\d.]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Rate();
}
