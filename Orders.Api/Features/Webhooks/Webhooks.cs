using Orders.Api.Access;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Api.Features.Webhooks;

internal static class Webhooks
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<WebhookTargets>().BindConfiguration(WebhookTargets.Section);
        builder.Services.AddOptions<WebhookLimits>()
            .BindConfiguration(WebhookLimits.Section).ValidateDataAnnotations().ValidateOnStart();
    }

    public static void MapWebhooks(this WebApplication app)
    {
        var webhooks = app.MapGroup("/v1/webhooks").WithTags("Webhooks").RequireScope(Scopes.OrdersRead)
            .AddEndpointFilter(ForOwnOrdersOrAdminsAsync);
        webhooks.MapPost("", CreateWebhook.Handle);
        webhooks.MapGet("", ListWebhooks.Handle);
        webhooks.MapGet("/{id}", GetWebhook.Handle);
        webhooks.MapPatch("/{id}", ChangeWebhook.Handle);
        webhooks.MapDelete("/{id}", DeleteWebhook.Handle);
        webhooks.MapPost("/{id}/rotate-secret", RotateSecret.Handle);
        webhooks.MapPost("/{id}/test", TestWebhook.Handle);
        webhooks.MapPost("/{id}/replay", ReplayWebhook.Handle);
        webhooks.MapGet("/{id}/deliveries", ListDeliveries.Handle);
        webhooks.MapGet("/{id}/deliveries/{deliveryId}", GetDelivery.Handle);
        webhooks.MapPost("/{id}/deliveries/{deliveryId}/redeliver", Redeliver.Handle);
    }

    /// <summary>
    /// Who may read a customer's orders may be told of them. To be told of everybody's, and to see everybody's subscriptions, is for
    /// admins.
    /// </summary>
    private static async ValueTask<object?> ForOwnOrdersOrAdminsAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var key = context.HttpContext.Features.Get<Admission>()?.Key;
        if (key?.Caller.CustomerId is not null || key?.Grants.HasFlag(Grants.Admin) == true) return await next(context);
        await Refusals.MissingScopeAsync(context.HttpContext, Scopes.Admin);
        return Results.Empty;
    }
}
