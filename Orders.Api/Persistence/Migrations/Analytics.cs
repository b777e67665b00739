using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

/// <summary>Facts, rollups and the files of the archive.</summary>
[DbContext(typeof(OrdersDbContext))]
[Migration("0010_analytics")]
internal sealed class Analytics : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("0010_analytics.sql"));
}
