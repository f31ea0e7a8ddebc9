/** Names of people, places and goods, and how a language writes money and dates. */
export const languages = ['en', 'de', 'fr', 'es', 'ja'] as const
export type Language = (typeof languages)[number]

export interface Vocabulary {
  readonly locale: string
  readonly currency: string
  readonly amountFactor: number
  readonly topLevelDomains: readonly string[]
  readonly companyEndings: readonly string[]
  readonly firstNames: readonly string[]
  readonly lastNames: readonly string[]
  readonly isFamilyNameFirst: boolean
  readonly cities: readonly string[]
  readonly streets: readonly string[]
  readonly products: readonly string[]
  readonly carriers: readonly string[]
}

const words = (list: string) => list.split(',').map((word) => word.trim())

export const vocabularies: Readonly<Record<Language, Vocabulary>> = {
  en: {
    locale: 'en-GB',
    currency: 'GBP',
    amountFactor: 1,
    topLevelDomains: words('com,co.uk,io,net,org'),
    companyEndings: words(', Ltd, Inc., Group, Labs, Health, Energy, Travel, Council, Online'),
    firstNames: words(
      'Olivia,James,Amelia,Noah,Priya,Daniel,Grace,Mohammed,Chloe,Samuel,Aisha,Thomas,Hannah,Kwame,Sophie,Liam,Ruth,Peter,Zoe,Alan',
    ),
    lastNames: words(
      "Walker,Patel,Hughes,Bennett,O'Connor,Khan,Murphy,Clarke,Osei,Fletcher,Reid,Nguyen,Marsh,Douglas,Whitaker,Singh,Barnes,Lowe",
    ),
    isFamilyNameFirst: false,
    cities: words('Leeds,Bristol,Cork,Toronto,Austin,Melbourne,Glasgow,Portland,Cardiff,Wellington'),
    streets: words('Mill Lane,Station Road,Oak Avenue,King Street,Harbour View,Church Hill,Maple Drive'),
    products: words(
      'Trail running shoes,USB-C cable 2 m,Desk lamp,Wool blanket,Stainless water bottle,Garden hose reel,Wireless keyboard,Oat flour 5 kg,Ceramic mug set,Bicycle bell,Rain jacket,Monitor arm,Notebook A5 (3-pack),Coffee beans 1 kg,Standard plan,Team licence',
    ),
    carriers: words('Royal Post,ParcelLine,FleetEx,Northway Couriers'),
  },
  de: {
    locale: 'de-DE',
    currency: 'EUR',
    amountFactor: 1,
    topLevelDomains: words('de,com,at,eu,ch'),
    companyEndings: words(' GmbH, AG, GmbH & Co. KG, e.V., Versand, Stadtwerke, Klinik, Logistik, SE'),
    firstNames: words(
      'Anna,Jürgen,Lena,Markus,Käthe,Björn,Sabine,Tim,Ayşe,Michael,Greta,Stefan,Jörg,Petra,Niklas,Mia,Günter,Franziska',
    ),
    lastNames: words('Müller,Schäfer,Weiß,Krüger,Yılmaz,Bauer,Köhler,Lang,Hofmann,Vogel,Groß,Jäger,Schröder,Kowalski,Böhm,Winter'),
    isFamilyNameFirst: false,
    cities: words('Köln,Leipzig,Freiburg,Wien,Nürnberg,Zürich,Rostock,Saarbrücken,Göttingen'),
    streets: words('Hauptstraße,Bahnhofstraße,Am Mühlbach,Gartenweg,Lindenallee,Schloßplatz'),
    products: words(
      'Wanderschuhe,Küchenwaage,Schreibtischlampe,Bürostuhl,Thermoskanne,Gartenschlauch 20 m,Bluetooth-Tastatur,Espressobohnen 1 kg,Fahrradhelm,Regenjacke,Notizbuch A5,Druckerpatrone schwarz,Wolldecke,Jahreslizenz,Bewässerungsset',
    ),
    carriers: words('Paketdienst Nord,Blitzversand,Deutsche Fracht,Kurier Süd'),
  },
  fr: {
    locale: 'fr-FR',
    currency: 'EUR',
    amountFactor: 1,
    topLevelDomains: words('fr,com,be,eu,ch'),
    companyEndings: words(' SARL, SA, SAS, Services, & Fils, Énergie, Mutuelle, Voyages, Coop'),
    firstNames: words(
      'Camille,Élodie,Jérôme,Mathieu,Inès,Théo,Zoé,François,Léa,Hugo,Aïcha,Benoît,Margaux,Gaëlle,Antoine,Noémie,Rémi',
    ),
    lastNames: words(
      'Lefèvre,Moreau,Garnier,Benali,Dubois,Roux,Chevalier,Gauthier,Nguyen,Lemoine,Bertrand,Périer,Faure,Colin,Marchand',
    ),
    isFamilyNameFirst: false,
    cities: words('Lyon,Nantes,Orléans,Bruxelles,Besançon,Genève,Béziers,Lille,Saint-Étienne'),
    streets: words('rue des Écoles,avenue de la Gare,place du Marché,chemin des Vignes,quai Sainte-Anne,boulevard Voltaire'),
    products: words(
      'Chaussures de randonnée,Lampe de bureau,Théière en fonte,Veste imperméable,Clavier sans fil,Carnet A5,Café en grains 1 kg,Couverture en laine,Support d’écran,Casque de vélo,Cafetière à piston,Abonnement annuel,Jeu de clés,Arrosoir 10 l',
    ),
    carriers: words('Colis Express,Relais Plus,Transports du Rhône,Chronolivraison'),
  },
  es: {
    locale: 'es-ES',
    currency: 'EUR',
    amountFactor: 1,
    topLevelDomains: words('es,com,mx,net,eu'),
    companyEndings: words(' S.L., S.A., y Cía., Seguros, Telecom, Salud, Ibérica, Viajes, Cooperativa'),
    firstNames: words('Lucía,Álvaro,Marta,Íñigo,Sofía,Javier,Begoña,Andrés,Ximena,Pablo,Nuria,Óscar,Carmen,Iván,Inés,Tomás'),
    lastNames: words('Muñoz,García,Ibáñez,Castaño,Rodríguez,Peña,Navarro,Sáez,Domínguez,Ortega,Núñez,Vidal,Herrera,Quintana'),
    isFamilyNameFirst: false,
    cities: words('Zaragoza,Málaga,Gijón,Bogotá,A Coruña,Mérida,Valencia,Guadalajara,Logroño'),
    streets: words('calle Mayor,avenida de la Constitución,plaza España,paseo del Río,calle Señorío,camino Viejo'),
    products: words(
      'Zapatillas de montaña,Lámpara de escritorio,Cafetera italiana,Manta de lana,Teclado inalámbrico,Cuaderno A5,Café en grano 1 kg,Casco de bicicleta,Chubasquero,Silla plegable,Cable USB-C,Licencia anual,Botella térmica,Manguera 15 m',
    ),
    carriers: words('Envíos Ibéricos,Paquetería Sol,Mensajería Rápida,TransNorte'),
  },
  ja: {
    locale: 'ja-JP',
    currency: 'JPY',
    amountFactor: 120,
    topLevelDomains: words('jp,co.jp,com,ne.jp'),
    companyEndings: words('株式会社,ストア,サービス,電力,旅行,クリニック,銀行,システムズ'),
    firstNames: words('翔太,美咲,健一,陽子,大輔,さくら,拓也,由美子,蓮,葵,直樹,千尋,誠,恵'),
    lastNames: words('佐藤,鈴木,高橋,田中,渡辺,伊藤,山本,中村,小林,加藤,吉田,山田,松本,井上'),
    isFamilyNameFirst: true,
    cities: words('札幌市,仙台市,横浜市,名古屋市,京都市,大阪市,神戸市,広島市,福岡市'),
    streets: words('中央1-2-3,本町4-5,緑ヶ丘2丁目8-1,駅前通り10,桜台3-14-2'),
    products: words(
      '登山靴,デスクライト,毛布,ワイヤレスキーボード,ノートA5(3冊),コーヒー豆1kg,自転車用ヘルメット,レインジャケット,モニターアーム,水筒,USB-Cケーブル,年間ライセンス,急須,加湿器',
    ),
    carriers: words('ひまわり運輸,北斗急便,日の出ロジスティクス,はやぶさ便'),
  },
}
