using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

/// <summary>Positions of legacy rows, and dead letters that can be settled.</summary>
[DbContext(typeof(OrdersDbContext))]
[Migration("0009_inbound")]
internal sealed class Inbound : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("0009_inbound.sql"));
}
