using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orders.Api.Persistence.Migrations;

[DbContext(typeof(OrdersDbContext))]
[Migration("0015_set_aside")]
internal sealed class SetAside : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("0015_set_aside.sql"));
}
