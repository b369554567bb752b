import { webPush } from '../src/services/webPush/webPush.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWebPushApi extends credential(webPush) {}
