using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

/// <summary>The schema is plain SQL beside this file: partitions, publications and named constraints read best there.</summary>
[DbContext(typeof(OrdersDbContext))]
[Migration("0001_initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("0001_initial.sql"));
}

internal static class SqlFile
{
    public static string Read(string name)
    {
        var assembly = typeof(SqlFile).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Orders.Api.Persistence.Migrations.{name}")
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
