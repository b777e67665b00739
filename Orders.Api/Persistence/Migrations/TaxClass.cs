using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

[DbContext(typeof(OrdersDbContext))]
[Migration("0035_tax_class")]
internal sealed class TaxClass : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlFile.Read("0035_tax_class.sql"));
}
