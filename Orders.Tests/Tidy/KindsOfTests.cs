using System.Reflection;
using Orders.Tests.Support;
using Xunit.v3;

namespace Orders.Tests.Tidy;

/// <summary>Every class of tests says what it costs, so that pure code can be tested without the application.</summary>
[Unit]
public sealed class KindsOfTests
{
    private static readonly string[] Kinds = [Kind.Unit, Kind.Application, Kind.Storm];

    private static readonly List<Type> Classes =
        [.. typeof(KindsOfTests).Assembly.GetTypes().Where(type => !type.IsAbstract && Tests(type).Any())];

    [Fact]
    public void Every_class_is_of_one_kind()
    {
        Assert.NotEmpty(Classes);
        Assert.Empty(Classes.Where(type => KindsOf(type) is not [var kind] || !Kinds.Contains(kind)).Select(type => type.Name));
    }

    [Fact]
    public void Whatever_uses_the_application_waits_for_its_start_and_is_no_unit()
    {
        var users = Classes.Where(Uses).ToList();
        Assert.NotEmpty(users);
        Assert.Empty(users.Where(type => !type.IsAssignableTo(typeof(IClassFixture<RunningApplication>))).Select(type => type.Name));
        Assert.Empty(users.Where(type => KindsOf(type).Contains(Kind.Unit)).Select(type => type.Name));
    }

    [Fact]
    public void A_single_test_is_a_storm_only_where_the_others_use_the_application()
    {
        var classes = Classes.Where(type => Tests(type).Any(IsStorm)).ToList();
        Assert.All(classes, type => Assert.Equal([Kind.Application], KindsOf(type)));
    }

    private static List<string> KindsOf(MemberInfo member) =>
        [.. member.GetCustomAttributes(inherit: true).OfType<ITraitAttribute>().SelectMany(trait => trait.GetTraits())
            .Where(trait => trait.Key == Kind.Trait).Select(trait => trait.Value)];

    private static bool Uses(Type type) =>
        type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Any(parameter => parameter.ParameterType == typeof(OrdersApplication));

    private static IEnumerable<MethodInfo> Tests(Type type) =>
        type.GetMethods().Where(method => method.GetCustomAttributes(inherit: true).OfType<IFactAttribute>().Any());

    private static bool IsStorm(MethodInfo method) => KindsOf(method).Contains(Kind.Storm);
}
