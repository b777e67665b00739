using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

[DbContext(typeof(OrdersDbContext))]
[Migration("0032_partial_ends")]
internal sealed class PartialEnds : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlFile.Read("0032_partial_ends.sql"));
}
