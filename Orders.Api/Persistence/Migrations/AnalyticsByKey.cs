using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

[DbContext(typeof(OrdersDbContext))]
[Migration("0013_analytics_by_key")]
internal sealed class AnalyticsByKey : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlFile.Read("0013_analytics_by_key.sql"));
}
