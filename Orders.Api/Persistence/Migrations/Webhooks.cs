using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

/// <summary>Subscriptions to events, and the log of what was delivered.</summary>
[DbContext(typeof(OrdersDbContext))]
[Migration("0004_webhooks")]
internal sealed class Webhooks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("0004_webhooks.sql"));
}
