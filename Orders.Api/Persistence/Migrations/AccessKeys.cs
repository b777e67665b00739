using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

/// <summary>API keys.</summary>
[DbContext(typeof(OrdersDbContext))]
[Migration("0003_access")]
internal sealed class AccessKeys : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("0003_access.sql"));
}
