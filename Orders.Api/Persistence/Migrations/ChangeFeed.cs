using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

/// <summary>The change feed, and indexes for lists.</summary>
[DbContext(typeof(OrdersDbContext))]
[Migration("0005_changes")]
internal sealed class ChangeFeed : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("0005_changes.sql"));
}
