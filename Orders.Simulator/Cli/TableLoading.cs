using Orders.Simulator.Files;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Cli;

/// <summary>Generates or reads the three tables and says on the terminal what is wrong with them.</summary>
internal sealed class TableLoading(Terminal terminal, int seed)
{
    /// <summary>Rows that were left out, all tables together.</summary>
    public int BadRows { get; private set; }

    public async Task<SeedTables> LoadAsync(
        TableSource? customers, TableSource? addresses, TableSource? products, CancellationToken cancel)
    {
        var people = await LoadAsync(customers, TableSchemas.Customers, rows => CustomerGenerator.Generate(seed, rows), null, cancel);
        if (addresses is { File: null } && people is not { Count: > 0 })
            throw new UsageException("Addresses are generated for customers: name some with --customers.");
        var known = people?.Select(customer => customer.ClientId).ToHashSet(StringComparer.Ordinal);
        var homes = await LoadAsync(
            addresses, TableSchemas.Addresses, rows => AddressGenerator.Generate(seed, people!, rows),
            // Without a customers table the API decides who is there.
            address => known?.Contains(address.ClientId) == false
                ? ("client_id", $"no customer '{address.ClientId}' is in the customers table") : null,
            cancel);
        var goods = await LoadAsync(products, TableSchemas.Products, rows => ProductGenerator.Generate(seed, rows), null, cancel);
        return new SeedTables(people, homes, goods);
    }

    private async Task<IReadOnlyList<T>?> LoadAsync<T>(
        TableSource? source, TableSchema<T> schema, Func<int, IReadOnlyList<T>> generate,
        Func<T, (string Column, string Reason)?>? refuse, CancellationToken cancel)
    {
        if (source is null) return null;
        if (source.File is not { } file) return generate(source.Rows);
        var content = await TableReader.ReadAsync(file, schema, refuse, cancel);
        foreach (var cell in content.Described) terminal.Complain($"{file}, {cell}");
        if (content.BadRows > TableReader.DescribedMax)
            terminal.Complain(FormattableString.Invariant($"{file}: {content.BadRows - TableReader.DescribedMax} more bad rows"));
        BadRows += content.BadRows;
        return content.Rows;
    }
}
