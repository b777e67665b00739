using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

/// <summary>Text search and sorting of products and customers, the products' version, addresses that go with their customer.</summary>
[DbContext(typeof(OrdersDbContext))]
[Migration("0006_catalogue")]
internal sealed class Catalogue : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("0006_catalogue.sql"));
}
