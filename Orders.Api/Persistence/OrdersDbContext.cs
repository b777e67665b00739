using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>The tables of <c>Migrations/*.sql</c> as EF Core sees them. Columns are the properties' names in snake_case.</summary>
internal sealed partial class OrdersDbContext(DbContextOptions<OrdersDbContext> options) : DbContext(options)
{
    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<Address> Addresses => Set<Address>();

    public DbSet<Product> Products => Set<Product>();

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<HistoryRow> History => Set<HistoryRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<AccessKey> Keys => Set<AccessKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Customer>(customer => customer.ToTable("customers").HasKey(c => c.ClientId));
        modelBuilder.Entity<Address>(address => address.ToTable("addresses").HasKey(a => a.AddressId));
        modelBuilder.Entity<Product>(product => product.ToTable("products").HasKey(p => p.Id));
        modelBuilder.Entity<Order>(MapOrder);
        modelBuilder.Entity<OrderItem>(item => item.ToTable("order_items").HasKey(i => new { i.OrderId, i.Line }));
        modelBuilder.Entity<HistoryRow>(history =>
        {
            history.ToTable("order_history").HasKey(h => new { h.OrderId, h.Version });
            history.HasOne<Order>().WithMany().HasForeignKey(h => h.OrderId);
        });
        // The key exists for EF alone: the partitioned table needs none.
        modelBuilder.Entity<OutboxRow>(outbox =>
        {
            outbox.ToTable("outbox").HasKey(o => new { o.OrderId, o.Version });
            outbox.Property(o => o.TraceParent).HasColumnName("traceparent");
            outbox.Property(o => o.Payload).HasColumnType("json");
        });
        modelBuilder.Entity<AccessKey>(key => key.ToTable("api_keys").HasKey(k => k.Id));
        NameColumns(modelBuilder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<OrderStatus>().HaveConversion<StatusConverter>();

    private static void MapOrder(EntityTypeBuilder<Order> order)
    {
        order.ToTable("orders").HasKey(o => o.Id);
        // A change is UPDATE ... WHERE id AND version AND status: of two writers that read the same version, one wins.
        order.Property(o => o.Version).IsConcurrencyToken();
        order.Property(o => o.Status).IsConcurrencyToken();
        order.ComplexProperty(o => o.Customer, customer =>
        {
            customer.Property(c => c.Id).HasColumnName("customer_id");
            customer.Property(c => c.Name).HasColumnName("customer_name");
            customer.Property(c => c.Email).HasColumnName("customer_email");
            customer.Property(c => c.Phone).HasColumnName("customer_phone");
        });
        order.ComplexProperty(o => o.Destination, address =>
        {
            address.Property(a => a.Id).HasColumnName("address_id");
            foreach (var name in DestinationColumns) address.Property(name).HasColumnName(SnakeCase(name));
        });
        order.HasMany(o => o.Items).WithOne().HasForeignKey(i => i.OrderId);
        order.Navigation(o => o.Items).UsePropertyAccessMode(PropertyAccessMode.Field);
    }

    private static readonly string[] DestinationColumns =
    [
        nameof(AddressSnapshot.Road), nameof(AddressSnapshot.HouseNumber), nameof(AddressSnapshot.Neighborhood),
        nameof(AddressSnapshot.Suburb), nameof(AddressSnapshot.CityDistrict), nameof(AddressSnapshot.State),
        nameof(AddressSnapshot.Postcode), nameof(AddressSnapshot.Country), nameof(AddressSnapshot.Lat), nameof(AddressSnapshot.Lon),
    ];

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

    private sealed class StatusConverter()
        : Microsoft.EntityFrameworkCore.Storage.ValueConversion.ValueConverter<OrderStatus, string>(
            status => status.ToWire(), text => OrderStatuses.Parse(text));
}
