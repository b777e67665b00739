using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

[DbContext(typeof(OrdersDbContext))]
[Migration("0034_reservations")]
internal sealed class Reservations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlFile.Read("0034_reservations.sql"));
}
