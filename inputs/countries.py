"""Country names in common English, so that a slip in one can be told from a name of the planner's own."""

COUNTRIES: tuple[str, ...] = tuple(
    """Afghanistan;Albania;Algeria;Angola;Argentina;Armenia;Australia;Austria;Azerbaijan;Bahrain;Bangladesh;Belarus;Belgium;Benin;Bhutan;
Bolivia;Bosnia and Herzegovina;Botswana;Brazil;Brunei;Bulgaria;Burkina Faso;Burma;Burundi;Cambodia;Cameroon;Canada;Central African Republic;
Chad;Chile;China;Colombia;Congo (Brazzaville);Congo (Kinshasa);Cook Islands;Costa Rica;Croatia;Cuba;Cyprus;Czechia;Denmark;Dominican Republic;
Ecuador;Egypt;El Salvador;Eritrea;Estonia;Ethiopia;Fiji;Finland;France;Gabon;Gambia;Georgia;Germany;Ghana;Greece;Greenland;Guatemala;Guinea;
Guyana;Haiti;Honduras;Hong Kong;Hungary;Iceland;India;Indonesia;Iran;Iraq;Ireland;Israel;Italy;Ivory Coast;Jamaica;Japan;Jordan;Kazakhstan;
Kenya;Kiribati;Kosovo;Kuwait;Kyrgyzstan;Laos;Latvia;Lebanon;Lesotho;Liberia;Libya;Lithuania;Luxembourg;Madagascar;Malawi;Malaysia;Mali;Malta;
Mauritania;Mauritius;Mexico;Moldova;Mongolia;Montenegro;Morocco;Mozambique;Namibia;Nauru;Nepal;Netherlands;New Caledonia;New Zealand;Nicaragua;
Niger;Nigeria;North Korea;North Macedonia;Norway;Oman;Pakistan;Panama;Papua New Guinea;Paraguay;Peru;Philippines;Poland;Portugal;Qatar;
Romania;Russia;Rwanda;Saudi Arabia;Senegal;Serbia;Sierra Leone;Singapore;Slovakia;Slovenia;Solomon Islands;Somalia;South Africa;South Korea;
South Sudan;Spain;Sri Lanka;Sudan;Suriname;Sweden;Switzerland;Syria;Taiwan;Tajikistan;Tanzania;Thailand;Togo;Tonga;Tunisia;Turkey;
Turkmenistan;Uganda;Ukraine;United Arab Emirates;United Kingdom;United States;Uruguay;Uzbekistan;Venezuela;Vietnam;Yemen;Zambia;Zimbabwe""".replace(
        "\n", ""
    ).split(";")
)
