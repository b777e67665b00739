namespace Orders.Simulator.Tables.Catalogue;

/// <summary>What a household needs.</summary>
internal static class HomeShelves
{
    public static readonly IReadOnlyList<Category> All =
    [
        new("Kitchen", "KIT", 1.3, "Dishwasher safe and made to be repaired.",
            ["Cazuela & Hijos", "Lumbre", "Ollería Norte", "Tres Fuegos"], ["black", "steel", "red", "sand", "olive green", "white"],
            [
                new("Frying Pan", 14, 59, 700, 1900, "Heavy bottomed pan with an even heat and a handle that stays cool."),
                new("Paella Pan", 12, 69, 900, 4200, "Wide carbon steel pan for rice, for four people and more."),
                new("Pressure Cooker", 39, 149, 2100, 4300, "Cooks beans in a quarter of the time, with three safety valves."),
                new("Chef Knife", 15, 120, 150, 340, "Forged blade of twenty centimetres, full tang, sharpened by hand."),
                new("Moka Pot", 11, 45, 350, 900, "Stove top coffee maker for six cups."),
                new("Salad Bowl", 8, 39, 400, 1500, "Deep bowl with a rim that pours."),
                new("Citrus Press", 9, 35, 250, 1800, "Presses oranges and lemons to the last drop."),
            ]),
        new("Household Appliances", "APP", 0.8, "Three years of guarantee, spare parts for ten.",
            ["Brisanova", "Electra Sur", "Kalmia", "Vulcano"], ["white", "black", "steel", "copper"],
            [
                new("Toaster", 19, 89, 1100, 2600, "Two long slots, seven degrees of brown."),
                new("Kettle", 17, 79, 700, 1500, "Boils a litre in two and a half minutes and turns itself off."),
                new("Hand Blender", 22, 99, 600, 1300, "Blends gazpacho smooth, with whisk and chopper."),
                new("Vacuum Cleaner", 79, 399, 2900, 6900, "Quiet and bagless, with a brush for pet hair."),
                new("Fan Heater", 24, 89, 1200, 3100, "Warms a bathroom within minutes, with a tilt switch."),
                new("Tower Fan", 29, 129, 2800, 5200, "Three speeds and a night mode for August."),
                new("Steam Iron", 25, 119, 900, 1800, "Glides easily and does not drip."),
            ]),
        new("Home Textiles", "TEX", 1.0, "Washes at forty degrees and keeps its colour.",
            ["Hilandera", "Lino Claro", "Telar del Sur", "Nubela"], ["white", "natural", "sky blue", "terracotta", "moss", "graphite"],
            [
                new("Bath Towel", 9, 35, 380, 750, "Thick terry towel that dries quickly."),
                new("Duvet Cover", 29, 119, 900, 1900, "Percale cover with hidden buttons."),
                new("Pillow", 14, 69, 500, 1400, "Medium firm pillow for people who sleep on their side."),
                new("Wool Blanket", 39, 159, 1100, 2600, "Soft blanket from merino wool."),
                new("Tablecloth", 15, 59, 350, 900, "Stain resistant cloth for a table of six."),
                new("Curtain", 19, 89, 600, 1800, "Lined curtain that keeps the afternoon sun out."),
            ]),
        new("Furniture", "FUR", 0.6, "Delivered flat, assembled in half an hour with one key.",
            ["Carpintera", "Haya y Roble", "Módulo Diez", "Serrería Vieja"], ["oak", "beech", "walnut", "white", "black"],
            [
                new("Bookcase", 49, 299, 14000, 42000, "Five shelves that carry thirty kilograms each."),
                new("Desk", 89, 449, 18000, 46000, "Room for two screens, cables hidden at the back."),
                new("Dining Chair", 35, 189, 4200, 8900, "Comfortable for a long lunch, stackable by four."),
                new("Bedside Table", 39, 169, 6500, 14000, "Two drawers that close softly."),
                new("Coat Stand", 25, 99, 3100, 7400, "Stands straight under eight winter coats."),
                new("Folding Table", 45, 179, 7800, 19000, "Ready for guests in seconds, flat against the wall after."),
            ]),
        new("Lighting", "LIG", 0.8, "Light source included and replaceable.",
            ["Candil", "Farola", "Lúmina Ibérica", "Ocaso"], ["brass", "black", "white", "smoked glass", "chrome"],
            [
                new("Desk Lamp", 19, 99, 600, 2100, "Jointed arm, dimmable from warm to cool."),
                new("Floor Lamp", 39, 229, 3200, 8800, "Reading light with a heavy foot."),
                new("Pendant Light", 29, 199, 700, 3900, "Hangs over the table without glare."),
                new("Night Light", 7, 29, 60, 260, "Lights the way to the kitchen and no more."),
                new("String Lights", 9, 39, 250, 800, "Ten metres for terrace and balcony, safe in rain."),
            ]),
        new("Groceries", "GRO", 1.4, "Keep in a cool and dry place.",
            ["Almazara Baja", "Despensa Llana", "El Colmenar", "La Garrofa"],
            ["small", "family size", "gift box", "organic", "pack of three"],
            [
                new("Extra Virgin Olive Oil", 7, 39, 500, 5200, "Early harvest of picual olives, fruity and a little bitter."),
                new("Smoked Paprika", 3, 12, 75, 300, "Dried over oak smoke, sweet."),
                new("Saffron", 5, 29, 10, 60, "Hand picked threads of this year's harvest."),
                new("Manchego Cheese", 9, 49, 350, 3000, "Matured for twelve months in a dry cave."),
                new("Rosemary Honey", 5, 19, 350, 1100, "Raw honey from the hills of La Alcarria."),
                new("Turrón", 6, 25, 200, 800, "Soft almond turrón in the way of Jijona."),
                new("Ground Coffee", 4, 22, 250, 1100, "Medium roast with a note of cocoa."),
                new("Bomba Rice", 4, 15, 1000, 5000, "Takes up three times its volume of broth and stays whole."),
            ]),
    ];
}
