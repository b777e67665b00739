using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Webhooks;
using Orders.Api.Idempotency;

namespace Orders.Api.Persistence;

/// <summary>
/// The small tables of <c>Migrations/*.sql</c> as EF Core sees them; columns are the properties' names in snake_case. Orders are
/// not among them: they are read and written by SQL, in <see cref="OrderStore"/>.
/// </summary>
internal sealed partial class OrdersDbContext(DbContextOptions<OrdersDbContext> options) : DbContext(options)
{
    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<Address> Addresses => Set<Address>();

    public DbSet<Product> Products => Set<Product>();

    public DbSet<Discount> Discounts => Set<Discount>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    public DbSet<AccessKey> Keys => Set<AccessKey>();

    public DbSet<WebhookSubscription> Webhooks => Set<WebhookSubscription>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Customer>(customer => customer.ToTable("customers").HasKey(c => c.ClientId));
        modelBuilder.Entity<Address>(address => address.ToTable("addresses").HasKey(a => a.AddressId));
        modelBuilder.Entity<Product>(product => product.ToTable("products").HasKey(p => p.Id));
        modelBuilder.Entity<Discount>(discount => discount.ToTable("discounts").HasKey(d => d.Code));
        modelBuilder.Entity<IdempotencyRow>(key =>
        {
            key.ToTable("idempotency_keys").HasKey(k => new { k.Owner, k.Key });
            key.Property(k => k.Body).HasColumnType("json");
        });
        modelBuilder.Entity<AccessKey>(key => key.ToTable("api_keys").HasKey(k => k.Id));
        modelBuilder.Entity<WebhookSubscription>(webhook => webhook.ToTable("webhook_subscriptions").HasKey(w => w.Id));
        NameColumns(modelBuilder);
    }

    private static void NameColumns(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            if (property.GetColumnName() == property.Name) property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static string SnakeCase(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();
}
